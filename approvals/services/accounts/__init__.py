"""What people set for themselves: keys, preferences, views, delegations, absences."""
