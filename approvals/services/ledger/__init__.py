"""Append to the record: entries, their order, erasable texts and rows of the catalog."""
