"""Everything that a policy may know about an action."""
