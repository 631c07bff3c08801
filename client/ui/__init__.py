"""What people see: screens made of small parts, frozen data in, meaningful events out."""
