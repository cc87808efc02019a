"""Actions that belong to another one: what overrides it, reverses it, or resembles it."""
