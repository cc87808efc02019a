"""`@requires_approval`: a function that runs only with approved arguments."""

import functools
import inspect
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hitl_client import keys
from hitl_client.action import Action
from hitl_client.client import AsyncClient, Client
from hitl_client.errors import HitlError
from hitl_client.gate import Work
from hitl_client.wording import explain

READERS: Mapping[type, Callable[[str], Any]] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}


def requires_approval(
    client: Client | AsyncClient,
    action_type: str,
    *,
    timeout: float | None = None,
    repeatable: bool = False,
    tell: bool = False,
    on_question: Callable[[Action], Any] | None = None,
    uncertain_on: tuple[type[BaseException], ...] = (TimeoutError, ConnectionError),
    **more: Any,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hold each call of a function until it is approved. Its arguments are the payload.

    `repeatable` says that the function may run twice for one approval. With `tell`, an error of the gate returns as
    text for a model. A coroutine function needs an `AsyncClient`. `more` are other fields of the proposal.
    """

    def around(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        def work(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Work:
            given = _arguments(signature, args, kwargs)
            payload = {name: keys.plain(value) for name, value in given.items()}
            return Work(
                key=keys.key_of(action_type, payload),
                action_type=action_type,
                payload=payload,
                run=lambda approved: _call(function, signature, _values(approved, payload, given)),
                more=more,
                timeout=timeout,
                is_repeatable=repeatable,
                on_question=on_question,
                uncertain_on=uncertain_on,
            )

        return _blocking(function, client, work, tell) if isinstance(client, Client) else _awaited(
            function, client, work, tell
        )

    return around


_Plan = Callable[[tuple[Any, ...], dict[str, Any]], Work]


def _blocking(function: Callable[..., Any], client: Client, work: _Plan, tell: bool) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):
        raise TypeError("A coroutine function needs AsyncClient.")

    @functools.wraps(function)
    def held(*args: Any, **kwargs: Any) -> Any:
        planned = work(args, kwargs)
        try:
            return client.hold(planned)
        except HitlError as error:
            if tell:
                return explain(error)
            raise

    return held


def _awaited(function: Callable[..., Any], client: AsyncClient, work: _Plan, tell: bool) -> Callable[..., Any]:
    @functools.wraps(function)
    async def held(*args: Any, **kwargs: Any) -> Any:
        planned = work(args, kwargs)
        try:
            return await client.hold(planned)
        except HitlError as error:
            if tell:
                return explain(error)
            raise

    return held


def _arguments(signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    bound = signature.bind(*args, **kwargs)
    bound.apply_defaults()
    for parameter in signature.parameters.values():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY}:
            raise TypeError("Give each argument a name, so that a reviewer can read and change it.")
    return dict(bound.arguments)


def _values(approved: Mapping[str, Any], payload: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments to run: as they were given where nobody changed them, otherwise as the reviewer wrote them."""
    return {
        name: given[name] if name in payload and payload[name] == value and _is_same_type(payload[name], value)
        else _as(type(given.get(name)), value)
        for name, value in approved.items()
    }  # fmt: skip


def _is_same_type(one: Any, other: Any) -> bool:
    # True equals 1 and 1 equals 1.0, but a function can tell them apart.
    return type(one) is type(other)


def _as(kind: type, value: Any) -> Any:
    reader = READERS.get(kind)
    return reader(value) if reader is not None and isinstance(value, str) else value


def _call(function: Callable[..., Any], signature: inspect.Signature, values: Mapping[str, Any]) -> Any:
    # Arguments that do not fit fail before the effect. Omitted ones would take defaults that nobody approved.
    if missing := signature.parameters.keys() - values.keys():
        raise TypeError(f"The approved payload lacks {', '.join(sorted(missing))}.")
    signature.bind(**values)
    return function(**values)
