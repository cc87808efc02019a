"""What people and agents hold for themselves: keys and notification preferences."""
