"""Documents of actions: upload, attach, compare, remove, and erase."""
