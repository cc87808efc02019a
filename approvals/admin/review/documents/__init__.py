"""The documents of an action beside its fields, and each of their pages."""
