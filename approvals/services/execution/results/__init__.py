"""What an execution comes to, and the end of its effect."""
