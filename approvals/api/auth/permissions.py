"""Permissions by kind of caller; services and queries check access to the action itself."""

from collections.abc import Iterable
from typing import Any, ClassVar

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, ScopeMissing


class Allowed(BasePermission):
    """Require `agent_scope` from agents (None refuses them) and `token_scope` from personal tokens."""

    agent_scope: ClassVar[str | None] = None
    token_scope: ClassVar[str | None] = None
    for_people: ClassVar[bool] = True

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True if the caller may make this kind of call.

        :raises NotAuthenticated: the caller is unknown.
        :raises ScopeMissing: the key or token lacks the scope.
        :raises NotAllowed: the call is for the other kind of caller.
        """
        actor = request.auth
        if not isinstance(actor, Actor):
            raise NotAuthenticated(
                "Authentication is required. Send an API key or personal token as a bearer token, or sign in."
            )
        if actor.agent is not None:
            self._ask_agent(actor.scopes)
        elif not self.for_people:
            raise NotAllowed("Only agents can make this call. Use an agent’s API key.")
        elif actor.door is Door.TOKEN and self.token_scope not in actor.scopes:
            raise ScopeMissing(
                f"This token does not have the {self.token_scope} scope. Use a token with that scope.",
                scope=self.token_scope,
            )
        return True

    def _ask_agent(self, scopes: Iterable[str]) -> None:
        if self.agent_scope is None:
            raise NotAllowed("Only people can make this call. Sign in or use a personal token.")
        wanted = self.agent_scope
        if not any(scope == wanted or (wanted == "propose" and scope.startswith("propose:")) for scope in scopes):
            raise ScopeMissing(f"This key does not have the {wanted} scope. Use a key with that scope.", scope=wanted)


class Reads(Allowed):
    """Agents can read their own actions; people can read those of their desks."""

    agent_scope = "read:own"
    token_scope = "read"


class Knows(Allowed):
    """Any authenticated caller."""

    token_scope = "read"

    def _ask_agent(self, scopes: Iterable[str]) -> None:
        """Accept every agent's key."""


class ReadsAsPerson(Allowed):
    """People only."""

    token_scope = "read"


class Proposes(Allowed):
    """Agents only."""

    agent_scope = "propose"
    for_people = False


class Withdraws(Allowed):
    """Agents only."""

    agent_scope = "withdraw:own"
    for_people = False


class Consumes(Allowed):
    """Agents only."""

    agent_scope = "consume:own"
    for_people = False


class Decides(Allowed):
    """People only; a personal token needs the decide scope."""

    token_scope = "decide"


class Configures(Allowed):
    """People only; a personal token needs the configure scope."""

    token_scope = "configure"


class Ends(Decides):
    """People who may stop an action, and the agent that proposed it."""

    agent_scope = "withdraw:own"
