"""Template tags and filters for safe display."""
