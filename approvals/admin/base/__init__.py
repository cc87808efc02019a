"""What every admin page has in common."""
