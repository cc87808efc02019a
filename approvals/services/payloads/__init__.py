"""Proposals and payload revisions, and what their schema says."""
