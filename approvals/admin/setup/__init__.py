"""Pages that set the gate up: people, catalog, directory, calendars, keys."""
