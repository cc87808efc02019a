"""OpenAPI descriptions of calls, each with the problems that it can return."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer, extend_schema

from approvals.api.problems import CONTENT_TYPE
from approvals.api.serializers.fields import StrictSerializer
from approvals.api.serializers.parts import Shape
from approvals.api.serializers.requests import FormIn
from approvals.api.serializers.responses import ActionOut, ProblemOut

F = TypeVar("F", bound=Callable[..., Any])
Answer = type[Shape] | PolymorphicProxySerializer

SAID = {
    400: "The request is not valid. `faults` lists each error.",
    401: "The API key, token, or session is missing or not valid.",
    403: "The caller lacks permission, for example because of its scope, self-approval, tier, or desk.",
    404: "Not found, or not visible to the caller.",
    405: "The URL does not take this method. `Allow` lists those that it takes.",
    409: "Conflict with the action’s state, its revision, another decision, or a halt.",
    411: "The Content-Length header is missing.",
    413: "The body is too large.",
    415: "The content type, or the type of a file, is not accepted.",
    422: "The content is not valid, for example the payload does not match its schema.",
    429: "Too many requests, waiting actions or uploads. Retry after the time in Retry-After.",
    503: "Temporarily unavailable. Retry after the time in Retry-After.",
}
ANY = (400, 401, 403, 404, 405, 429, 503)
WITH_BODY = (*ANY, 409, 411, 413, 415, 422)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Identifies this proposal. Each key is unique per agent and never expires.",
)
KEY_AT_WILL = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
    OpenApiParameter.HEADER,
    description="Identifies this redemption. The same key gets the same approval again, another key is refused.",
)
PREFER = OpenApiParameter(
    "Prefer",
    {"type": "string", "maxLength": 200},
    OpenApiParameter.HEADER,
    description="`wait=N` waits up to N seconds for a decision before responding.",
)


def reads(
    name: str, summary: str, answer: type[Shape], query: type[StrictSerializer] | None = None
) -> Callable[[F], F]:
    """Describe a call that changes nothing."""
    parameters: list[Any] = [query] if query else []
    return extend_schema(
        operation_id=name, summary=summary, parameters=parameters, responses=answers({200: answer}, ANY)
    )


def changes(name: str, summary: str, body: type[StrictSerializer], answer: Answer) -> Callable[[F], F]:
    """Describe a call that changes something."""
    return extend_schema(operation_id=name, summary=summary, request=body, responses=answers({200: answer}, WITH_BODY))


def redeems(name: str, summary: str, body: type[StrictSerializer], answer: Answer) -> Callable[[F], F]:
    """Describe a call that can be repeated with the same key."""
    told = answers({200: answer}, WITH_BODY)
    return extend_schema(operation_id=name, summary=summary, request=body, parameters=[KEY_AT_WILL], responses=told)


def proposes(name: str, summary: str, body: type[StrictSerializer]) -> Callable[[F], F]:
    """Describe the call that creates an action."""
    created = {
        201: OpenApiResponse(ActionOut, "Created. `Location` holds the URL of the action."),
        200: OpenApiResponse(
            ActionOut,
            "The idempotency key was already used. The response repeats the action with `Idempotent-Replayed: true`.",
        ),
    }
    sent = {"application/json": body, "multipart/form-data": FormIn}
    told = answers(created, WITH_BODY)
    return extend_schema(operation_id=name, summary=summary, request=sent, parameters=[KEY, PREFER], responses=told)


def asks(name: str, summary: str, body: type[StrictSerializer]) -> Callable[[F], F]:
    """Describe a call that requests what might be done only after its answer."""
    told = {
        202: OpenApiResponse(ActionOut, "Requested. The action is still being executed."),
        200: OpenApiResponse(ActionOut, "Done. No attempt was under way."),
    }
    return extend_schema(operation_id=name, summary=summary, request=body, responses=answers(told, WITH_BODY))


def answers(good: dict[int, Any], problems: Iterable[int]) -> dict[Any, Any]:
    """Describe what a call answers: the good answers by status, and its problems."""
    told: dict[Any, Any] = {(status, "application/json"): answer for status, answer in good.items()}
    for status in sorted(problems):
        told[status, CONTENT_TYPE] = OpenApiResponse(ProblemOut, SAID[status])
    return told
