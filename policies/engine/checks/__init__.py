"""Checks of values in a payload; each returns what is odd about one value, or nothing."""
