"""The inbox and related pages."""
