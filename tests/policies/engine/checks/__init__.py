"""Evaluate documents and an input into one result."""
