"""What the settings read: the environment, the addresses and secrets in it, and the private folder."""
