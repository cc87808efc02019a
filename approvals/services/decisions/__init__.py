"""Decide on an action, and everything a reviewer does with it before that."""
