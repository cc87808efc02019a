"""Shared base of all admin pages."""
