"""The record as read-only pages, and its export."""
