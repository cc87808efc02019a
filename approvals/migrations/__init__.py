"""The schema, one named change a file."""
