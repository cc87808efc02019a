"""The inputs of a policy."""
