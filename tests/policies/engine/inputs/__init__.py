"""What a policy may know about an action."""
