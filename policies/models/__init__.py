"""Policies and their versions: what is drafted, what is in force, what was."""

from policies.models.policy import Policy, Version

__all__ = ["Policy", "Version"]
