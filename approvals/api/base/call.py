"""Shared behavior of all calls: authentication, body parsing, errors and request IDs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from approvals.actors import Actor
from approvals.api import problems
from approvals.api.auth.authentication import KeyAuthentication, PersonSession
from approvals.api.auth.permissions import Allowed, Knows
from approvals.api.auth.throttling import PerKey
from approvals.api.base import long_poll, strict_json
from approvals.api.problems import LengthRequired
from approvals.api.serializers.fields import StrictSerializer, is_idempotency_key
from approvals.api.serializers.requests import read_body, read_query
from approvals.errors import Malformed, NotFound, TooLarge
from policies import db

KIB = 1024
_KEY_INVALID = "The Idempotency-Key header is missing or invalid. Use 1-200 printable ASCII characters without spaces."


class StrictJSONParser(BaseParser):
    """Parse a body up to the view's size limit with the strict JSON reader."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """The body's value."""
        assert parser_context is not None  # the framework always says which view is asking
        most: int = parser_context["view"].most_bytes
        length = int(parser_context["request"].META.get("CONTENT_LENGTH") or 0)
        if length > most:
            raise TooLarge(f"The body has {length} bytes. Send at most {most} bytes in this call.", limit=most)
        return strict_json.parse(stream.read(length))


class OneFormat(DefaultContentNegotiation):
    """Always respond in the only format of the call, whatever the client accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class Call(APIView):
    """One endpoint; `allowed` maps each method to its permission."""

    allowed: ClassVar[Mapping[str, type[Allowed]]] = {}
    most_bytes: ClassVar[int] = 256 * KIB

    authentication_classes: Sequence[type[BaseAuthentication]] = (KeyAuthentication, PersonSession)
    throttle_classes: Sequence[type[BaseThrottle]] = (PerKey,)
    parser_classes: Sequence[type[BaseParser]] = (StrictJSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OneFormat
    http_method_names = ["get", "post", "head", "put", "patch", "delete"]

    @property
    def actor(self) -> Actor:
        """The caller."""
        actor = self.request.auth
        assert isinstance(actor, Actor)  # the permission has seen to it
        return actor

    @property
    def moment(self) -> datetime:
        """The database's time, as it was told with the key or the session."""
        request = self.request._request
        told = getattr(request, "api_key", None) or getattr(request, "session", None)
        return getattr(told, "read_at", None) or db.now()

    def body(self, shape: type[StrictSerializer]) -> dict[str, Any]:
        """The validated body."""
        return read_body(shape, self.request.data)

    def query(self, shape: type[StrictSerializer]) -> dict[str, Any]:
        """The validated query parameters."""
        return read_query(shape, self.request.query_params)

    def get_permissions(self) -> list[BasePermission]:
        """Return the permission of this method; an unsupported method still needs authentication."""
        method = "GET" if self.request.method == "HEAD" else str(self.request.method)
        return [self.allowed.get(method, Knows)()]

    def get_throttles(self) -> list[BaseThrottle]:
        """Return the limits; a call that waited was counted at its first look."""
        return [] if long_poll.is_asked_again(self.request) else super().get_throttles()

    def get_exception_handler(self) -> Any:
        """Return the handler that responds with problem documents."""
        return problems.handle

    def handle_exception(self, exc: Exception) -> Response:
        """Respond with an error; what a first look responds with is not sent."""
        return Response(status=204) if isinstance(exc, long_poll.Held) else super().handle_exception(exc)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check what applies to every request, before its body is read."""
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            raise LengthRequired()
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request | HttpRequest, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Echo the request ID and disable caching."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        plain = request._request if isinstance(request, Request) else request
        answer["X-Request-ID"] = problems.request_id_of(plain)
        answer["Cache-Control"] = "no-store"
        return answer


def given_key(request: Request) -> str | None:
    """Return the `Idempotency-Key` header, or None if there is none.

    :raises Malformed: it is not valid.
    """
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not is_idempotency_key(key):
        raise Malformed(_KEY_INVALID)
    return key


def needed_key(request: Request) -> str:
    """Return the `Idempotency-Key` header.

    :raises Malformed: it is missing or not valid.
    """
    key = given_key(request)
    if key is None:
        raise Malformed(_KEY_INVALID)
    return key


class Nothing(Call):
    """Any URL under /api/ that is not an endpoint."""

    authentication_classes = ()
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Respond with 404 to every caller."""
        hint = "" if request.path.endswith("/") else " Paths end with a slash."
        raise NotFound(f"This URL does not exist. See /api/v1/schema/ for a list.{hint}")
