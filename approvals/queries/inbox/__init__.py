"""What waits for a person, and what ran without one."""
