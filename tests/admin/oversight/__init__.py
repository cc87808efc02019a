"""Pages for those who watch."""
