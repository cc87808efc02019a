"""Where facts are looked up before routing and for automatic checks: one file each, all alike; nothing is changed."""
