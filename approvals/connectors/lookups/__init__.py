"""Lookup sources, for routing and automatic checks; one read-only module each."""
