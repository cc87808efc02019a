"""Policies and their versions in the admin, to read; they change by a decision, never by a form."""

from policies.admin.records import PolicyAdmin, VersionAdmin

__all__ = ["PolicyAdmin", "VersionAdmin"]
