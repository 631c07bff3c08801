"""What the machine in the hand can do: camera, files, keys; each behind a port."""
