"""The operator's door: policies in files, under version control."""
