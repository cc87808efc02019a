"""Policies in files."""
