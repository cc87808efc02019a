"""One process that starts the others, starts a fallen one again, and never leaves one behind."""
