"""A small office on one machine: install, back up, restore, upgrade. It needs only Python's standard library."""
