"""A new kind of action from an example: what it looks like, what policy suits it, and what would become of it."""
