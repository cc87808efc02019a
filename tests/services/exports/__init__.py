"""Exports: what a file holds, and how it is written whatever happens."""
