"""Checks of a payload that matches its schema but looks wrong, for pages and policies alike."""
