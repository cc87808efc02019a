"""A small firm with three desks and a few weeks of history, told through the same services that everybody uses."""
