"""Exports: a list of the admin as a file, streamed at once if it is small, else written by a worker in turns."""
