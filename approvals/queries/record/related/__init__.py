"""Actions that belong to another one: what it waits for, overrides, reverses, or resembles."""
