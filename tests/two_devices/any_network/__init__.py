"""Devices, a server and a network that may do anything: what the machine and the killing share."""
