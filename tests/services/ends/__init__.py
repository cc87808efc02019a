"""Ending effects: at their time, or earlier because somebody asks."""
