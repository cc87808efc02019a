"""Channels: what reaches a person, and what cannot be smuggled in."""
