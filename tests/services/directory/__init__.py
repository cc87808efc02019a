"""Directory sheets."""
