"""Drafting, publishing and retiring versions: the only writers of policies."""
