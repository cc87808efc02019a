"""Test what a text really holds."""
