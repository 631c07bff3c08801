"""What this device keeps: the journal, the records read from it, and what waits to be sent."""
