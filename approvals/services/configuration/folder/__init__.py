"""The set-up as a folder of YAML files: written from the rows, read, compared with them, and applied as one change."""
