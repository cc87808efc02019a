"""The door of operators: commands."""
