"""What people hold for themselves."""
