"""What people set for themselves: keys, views, delegations."""
