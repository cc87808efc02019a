"""Whom a stage asks."""
