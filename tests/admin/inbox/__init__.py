"""The inbox and the pages around it."""
