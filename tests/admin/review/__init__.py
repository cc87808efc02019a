"""The decision page."""
