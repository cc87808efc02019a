"""Proposals, overrides and reversals."""
