"""Every duty's rule, told as rules."""
