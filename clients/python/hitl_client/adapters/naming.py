"""What the adapters share: the name of the work from the framework, and parameters that are its context."""

import functools
import inspect
import typing
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from hitl_client import keys

F = TypeVar("F", bound=Callable[..., Any])


def named_by(function: F, name: Callable[[], str]) -> F:
    """Return the function, which runs in the work that `name` returns, unless its caller has named the work."""

    def naming() -> AbstractContextManager[None]:
        found = "" if keys.current_name() else name()
        return keys.work(found) if found else nullcontext()

    @functools.wraps(function)
    def blocking(*args: Any, **kwargs: Any) -> Any:
        with naming():
            return function(*args, **kwargs)

    @functools.wraps(function)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        with naming():
            return await function(*args, **kwargs)

    return typing.cast("F", awaited if inspect.iscoroutinefunction(function) else blocking)


def contexts_of(function: Callable[..., Any], *kinds: type) -> tuple[str, ...]:
    """Return the names of the parameters that are annotated with these classes."""
    hints = typing.get_type_hints(function)
    return tuple(
        name
        for name in inspect.signature(function).parameters
        if isinstance(kind := typing.get_origin(hints.get(name)) or hints.get(name), type) and issubclass(kind, kinds)
    )
