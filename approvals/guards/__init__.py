"""The triggers by which the database itself guards the record, one file for each concept."""

from approvals.guards.declaration import APPEND_ONLY, GUARDS, KEPT, declared

__all__ = ["APPEND_ONLY", "GUARDS", "KEPT", "declared"]
