"""What happened to an action, and what belongs to it."""
