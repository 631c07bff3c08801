"""What a person can do: each action is one transaction on this device, valid offline."""
