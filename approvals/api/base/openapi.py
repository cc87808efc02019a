"""How calls are described in the OpenAPI document: every one declares the problems that it may answer with."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from approvals.api.problems import CONTENT_TYPE
from approvals.api.serializers.fields import StrictSerializer
from approvals.api.serializers.responses import ActionOut, ProblemOut, Shape

F = TypeVar("F", bound=Callable[..., Any])

SAID = {
    400: "Malformed; `faults` points at each fault.",
    401: "No valid key, token or session.",
    403: "Not allowed: scope, self-approval, tier, desk.",
    404: "Nothing that you may see.",
    409: "The state, the revision, another decision or a halt forbids it.",
    411: "No Content-Length.",
    413: "Too large.",
    415: "Not application/json.",
    422: "The payload does not fit its schema, or the key was used with another body.",
    429: "Too many requests; see Retry-After.",
    503: "Not available right now; see Retry-After.",
}
ANY = (400, 401, 403, 404, 429, 503)
WITH_BODY = (*ANY, 409, 411, 413, 415, 422)
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7e]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="Names this piece of work; unique per agent for ever.",
)
PREFER = OpenApiParameter(
    "Prefer",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="`wait=N`: answer when it is decided or N s passed.",
)


def reads(
    name: str, summary: str, answer: type[Shape], query: type[StrictSerializer] | None = None
) -> Callable[[F], F]:
    """Describe a call that changes nothing."""
    parameters: list[Any] = [query] if query else []
    return extend_schema(
        operation_id=name, summary=summary, parameters=parameters, responses=_answers({200: answer}, ANY)
    )


def changes(name: str, summary: str, body: type[StrictSerializer], answer: type[Shape]) -> Callable[[F], F]:
    """Describe a call that changes something."""
    return extend_schema(operation_id=name, summary=summary, request=body, responses=_answers({200: answer}, WITH_BODY))


def proposes(name: str, summary: str, body: type[StrictSerializer]) -> Callable[[F], F]:
    """Describe the call that takes a proposal in."""
    created = {
        201: OpenApiResponse(ActionOut, "Taken in; `Location` names it."),
        200: OpenApiResponse(ActionOut, "The key named this action before; `Idempotent-Replayed: true`."),
    }
    answers = _answers(created, WITH_BODY)
    return extend_schema(operation_id=name, summary=summary, request=body, parameters=[KEY, PREFER], responses=answers)


def _answers(good: dict[int, Any], problems: Iterable[int]) -> dict[Any, Any]:
    told: dict[Any, Any] = {(status, "application/json"): answer for status, answer in good.items()}
    for status in sorted(problems):
        told[status, CONTENT_TYPE] = OpenApiResponse(ProblemOut, SAID[status])
    return told
