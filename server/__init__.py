"""The district server: accounts, devices, the shared journal and its photographs."""
