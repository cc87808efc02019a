"""Due times that pass."""
