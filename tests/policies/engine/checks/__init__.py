"""Checks of values in a payload."""
