"""Setup pages: people, catalog, directory, calendars and keys."""
