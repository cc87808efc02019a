"""Halts and emergency access."""
