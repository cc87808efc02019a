"""Set up a new kind of action in five pages, from an example to a dry run."""
