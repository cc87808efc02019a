"""Deciding, and everything a reviewer does before it."""
