"""Which kind of caller a call is for; whether this one may touch this action is asked by services and queries."""

from collections.abc import Iterable
from typing import Any, ClassVar

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from approvals.actors import Actor, Door
from approvals.errors import NotAllowed, ScopeMissing


class Allowed(BasePermission):
    """Agents need ``agent_scope`` (None: the call is not for agents), personal tokens ``token_scope``."""

    agent_scope: ClassVar[str | None] = None
    token_scope: ClassVar[str | None] = None
    for_people: ClassVar[bool] = True

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the caller may make this kind of call.

        :raises NotAuthenticated: nobody is calling.
        :raises ScopeMissing: the key lacks the scope; the answer names it.
        :raises NotAllowed: the call is for the other kind of caller.
        """
        actor = request.auth
        if not isinstance(actor, Actor):
            raise NotAuthenticated("Send an agent's key or a personal token as a bearer, or sign in.")
        if actor.agent is not None:
            self._ask_agent(actor.scopes)
        elif not self.for_people:
            raise NotAllowed("Only an agent's key can do this.")
        elif actor.door is Door.TOKEN and self.token_scope not in actor.scopes:
            raise ScopeMissing(f"This token lacks the scope {self.token_scope}.", scope=self.token_scope)
        return True

    def _ask_agent(self, scopes: Iterable[str]) -> None:
        if self.agent_scope is None:
            raise NotAllowed("Only a person can do this; no scope of an agent's key decides.")
        wanted = self.agent_scope
        if not any(scope == wanted or (wanted == "propose" and scope.startswith("propose:")) for scope in scopes):
            raise ScopeMissing(f"This key lacks the scope {wanted}.", scope=wanted)


class Reads(Allowed):
    """Agents read their own, people what their desks hold."""

    agent_scope = "read:own"
    token_scope = "read"


class Knows(Allowed):
    """Anybody with a key or a session may ask who they are and what there is."""

    token_scope = "read"

    def _ask_agent(self, scopes: Iterable[str]) -> None:
        """Every key may ask this."""


class ReadsAsPerson(Allowed):
    """People alone."""

    token_scope = "read"


class Proposes(Allowed):
    """Agents alone."""

    agent_scope = "propose"
    for_people = False


class Withdraws(Allowed):
    """Agents alone."""

    agent_scope = "withdraw:own"
    for_people = False


class Consumes(Allowed):
    """Agents alone."""

    agent_scope = "consume:own"
    for_people = False


class Decides(Allowed):
    """People alone; with a token only where its scope says so."""

    token_scope = "decide"
