"""Authenticate callers by bearer key, personal token, or session with a CSRF token.

`request.auth` is the `Actor` for services; `request.user` is the person, or anonymous for an agent.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, CSRFCheck, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from approvals.actors import Actor, Door
from approvals.api.problems import CsrfFailed
from approvals.models import ApiKey, Person
from approvals.queries.accounts import api_keys

DEMO_PREFIX = "hitl_test_"


class KeyAuthentication(BaseAuthentication):
    """Authenticate `Authorization: Bearer hitl_...` with a single SELECT."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        """Return the key's owner and actor, or None without a bearer token."""
        scheme, _, plain = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = _find(plain.strip())
        request._request.api_key = key  # type: ignore[attr-defined]
        scopes = frozenset(key.scopes)
        if key.person is not None:
            return key.person, Actor(door=Door.TOKEN, person=key.person, scopes=scopes, key=key.identifier)
        return AnonymousUser(), Actor(door=Door.API, agent=key.agent, scopes=scopes, key=key.identifier)

    def authenticate_header(self, request: Request) -> str:
        """Return the WWW-Authenticate header of a 401 response."""
        return 'Bearer realm="hitl"'


class PersonSession(SessionAuthentication):
    """Authenticate an admin session; changes also need the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Person, Actor] | None:
        """Return the signed-in person, or None."""
        user = getattr(request._request, "user", None)
        if not isinstance(user, Person) or not user.is_active:
            return None
        self.enforce_csrf(request)
        return user, Actor(door=Door.API, person=user)

    def enforce_csrf(self, request: Request | HttpRequest) -> None:
        """Refuse a change without a valid CSRF token.

        :raises CsrfFailed: the token is missing or wrong.
        """
        check = CSRFCheck(lambda request: None)  # type: ignore[arg-type]
        check.process_request(request)
        reason = check.process_view(request, None, (), {})  # type: ignore[arg-type]
        if reason:
            raise CsrfFailed(f"{CsrfFailed.__doc__} ({reason})")


class KeyScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the bearer."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The bearer scheme of agents' keys and personal tokens."""
        return {"type": "http", "scheme": "bearer", "description": "An agent’s API key or a personal token."}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document names the session."""

    target_class = PersonSession
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The session cookie of a person signed in to the admin."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Requests that change data also need the X-CSRFToken header.",
        }


def _find(plain: str) -> ApiKey:
    if len(plain) > 200 or api_keys.identifier_of(plain) is None:
        raise AuthenticationFailed(
            "The key’s checksum is not valid. Check that you copied the whole key.", "key_checksum_invalid"
        )
    key = api_keys.find(plain)
    if key is None or not key.is_sealed:
        raise AuthenticationFailed("The key is unknown. Check that you use the right key.", "key_unknown")
    if key.revoked_at is not None:
        raise AuthenticationFailed("This key is revoked. Ask the agent’s owner for a new one.", "key_revoked")
    if key.is_expired:  # type: ignore[attr-defined]
        raise AuthenticationFailed("This key has expired. Ask the agent’s owner for a new one.", "key_expired")
    holder = key.person or key.agent
    if holder is None or not holder.is_active or not holder.is_sealed:
        raise AuthenticationFailed(
            "The agent or person that owns this key is not active. Ask an administrator.", "key_inactive"
        )
    if settings.IS_PRODUCTION and (plain.startswith(DEMO_PREFIX) or getattr(holder, "is_demo", False)):
        raise AuthenticationFailed(
            "This key comes from the demo and does not work in production. Issue a new one.", "demo_key"
        )
    return key
