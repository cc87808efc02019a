"""How both apps declare, install and check their triggers, and in ``versions`` the guards of policies."""

from policies.guards.versions import GUARDS, declared

__all__ = ["GUARDS", "declared"]
