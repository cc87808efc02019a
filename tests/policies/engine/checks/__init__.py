"""Test what looks wrong in a payload, and what does not."""
