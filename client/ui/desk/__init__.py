"""What leaders and the safety officer work with: the check-ins, the points and their labels."""
