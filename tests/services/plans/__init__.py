"""Stages, quorum and due times."""
