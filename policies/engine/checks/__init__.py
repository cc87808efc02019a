"""Checks: what looks wrong in a payload although it matches its schema. Pages and policies use the same flags."""
