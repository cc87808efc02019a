"""What happened to an action."""
