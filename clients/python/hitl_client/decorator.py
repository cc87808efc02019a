"""`@requires_approval`: a function that runs only with approved arguments."""

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar, cast
from uuid import UUID

from hitl_client import keys
from hitl_client.action import Action
from hitl_client.client import AsyncClient, Client
from hitl_client.errors import HitlError
from hitl_client.gate import UNCERTAIN_ON, Work
from hitl_client.wording import explain

READERS: Mapping[type, Callable[[str], Any]] = {
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: UUID,
}
UNNAMED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)

F = TypeVar("F", bound=Callable[..., Any])


def requires_approval(
    client: Client | AsyncClient,
    action_type: str,
    *,
    timeout: float | None = None,
    repeatable: bool = False,
    tell: bool = False,
    omit: Sequence[str] = ("self",),
    on_question: Callable[[Action], Any] | None = None,
    uncertain_on: tuple[type[BaseException], ...] = UNCERTAIN_ON,
    **more: Any,
) -> Callable[[F], F]:
    """Hold each call of a function until it is approved. Its arguments are the payload.

    :param timeout: seconds to wait for people, until `NotDecidedYet` is raised; None waits for as long as it takes.
        After the approval, the call waits at least a minute more, so that the undo time can pass.
    :param repeatable: the function may run twice for one approval, because a second run changes nothing.
    :param tell: return errors of the gate as text for a model instead of raising them.
    :param omit: parameters that are not part of the payload, such as a framework's context.
    :param on_question: gets the action with a reviewer's question; returns a text, a `Reply`, or None for a person.
    :param uncertain_on: errors after which nobody knows whether the effect happened.
    :param more: other fields of the proposal, such as `reasoning` or `subject`.

    A coroutine function needs an `AsyncClient`, and no other function can have one. Each call needs the name of its
    work: see `hitl_client.work`.
    """
    options = {
        "timeout": timeout,
        "is_repeatable": repeatable,
        "on_question": on_question,
        "uncertain_on": uncertain_on,
    }

    def around(function: F) -> F:
        gated = _Gated(function, action_type, frozenset(omit), more, options)
        if inspect.iscoroutinefunction(function) != isinstance(client, AsyncClient):
            raise TypeError("A coroutine function needs AsyncClient, and every other function needs Client.")
        held = _blocking(gated, client, tell) if isinstance(client, Client) else _awaited(gated, client, tell)
        return cast("F", functools.wraps(function)(held))

    return around


class _Gated:
    """A function whose calls are pieces of work."""

    def __init__(
        self,
        function: Callable[..., Any],
        action_type: str,
        omit: frozenset[str],
        more: Mapping[str, Any],
        options: Mapping[str, Any],
    ):
        self.function, self.action_type, self.omit = function, action_type, omit
        self.more, self.options = more, options
        self.signature = inspect.signature(function)
        named = {name: each for name, each in self.signature.parameters.items() if name not in omit}
        if any(each.kind in UNNAMED for each in named.values()):
            raise TypeError("Give each argument a name, so that a reviewer can read and change it.")
        self.names = frozenset(named)

    def work(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Work:
        """What one call wants to do.

        :raises RuntimeError: the work has no name. The same call would be one action for ever.
        """
        if not keys.current_name():
            raise RuntimeError('Name the work, for example `with work("ticket-17"):`, so that each call has its key.')
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = {name: value for name, value in bound.arguments.items() if name not in self.omit}
        apart = {name: value for name, value in bound.arguments.items() if name in self.omit}
        payload = {name: keys.plain(value) for name, value in given.items()}
        return Work(
            key=keys.key_of(self.action_type, payload),
            action_type=self.action_type,
            payload=payload,
            run=partial(self._run, given=given, payload=payload, apart=apart),
            more={**self.more, **keys.current_fields()},
            **self.options,
        )

    def _run(
        self,
        approved: Mapping[str, Any],
        *,
        given: Mapping[str, Any],
        payload: Mapping[str, Any],
        apart: Mapping[str, Any],
    ) -> Any:
        # Arguments that do not fit fail before the effect. Omitted ones would take defaults that nobody approved.
        if missing := self.names - approved.keys():
            raise TypeError(f"The approved payload lacks {', '.join(sorted(missing))}.")
        if unknown := approved.keys() - self.names:
            raise TypeError(f"The approved payload has {', '.join(sorted(unknown))}, which the function does not take.")
        values = {name: _value(value, payload[name], given[name]) for name, value in approved.items()}
        return self.function(**apart, **values)


def _value(approved: Any, proposed: Any, given: Any) -> Any:
    """The argument as it was given if nobody changed it, otherwise as the reviewer wrote it."""
    if keys.canonical(approved) == keys.canonical(proposed):
        return given
    return _as(type(given), approved)


def _as(kind: type, value: Any) -> Any:
    """The value of JSON as a function wants it."""
    if callable(validate := getattr(kind, "model_validate", None)):
        return validate(value)
    if issubclass(kind, Enum | PurePath):
        return kind(value)
    reader = READERS.get(kind)
    return reader(value) if reader is not None and isinstance(value, str) else value


def _blocking(gated: _Gated, client: Client, tell: bool) -> Callable[..., Any]:
    def held(*args: Any, **kwargs: Any) -> Any:
        work = gated.work(args, kwargs)
        try:
            return client.hold(work)
        except HitlError as error:
            if tell:
                return explain(error)
            raise

    return held


def _awaited(gated: _Gated, client: AsyncClient, tell: bool) -> Callable[..., Any]:
    async def held(*args: Any, **kwargs: Any) -> Any:
        work = gated.work(args, kwargs)
        try:
            return await client.hold(work)
        except HitlError as error:
            if tell:
                return explain(error)
            raise

    return held
