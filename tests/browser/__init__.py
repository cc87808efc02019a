"""The reviewers' pages, driven in a real browser."""
