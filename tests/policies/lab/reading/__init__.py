"""Trying a policy before it counts."""
