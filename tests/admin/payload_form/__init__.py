"""A payload as a form."""
