"""The night on a phone, without screens: reads and actions over a real, sealed database."""
