"""How days and times are written in the admin, in each language."""
