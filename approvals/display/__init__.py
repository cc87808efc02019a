"""Displays texts, values and states in pages."""
