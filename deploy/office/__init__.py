"""A small office on one machine: install, back up, restore and upgrade, with Python's standard library alone."""
