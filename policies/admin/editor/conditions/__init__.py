"""Conditions as rows on the page of the editor."""
