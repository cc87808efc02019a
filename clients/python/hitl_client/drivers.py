"""Drive flows over httpx: one driver blocks its thread, the other awaits."""

import asyncio
import inspect
import time
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import httpx

from hitl_client.errors import Unreachable
from hitl_client.steps import Answer, Call, Flow, Send, Sleep, Step

T = TypeVar("T")


def _request(client: httpx.Client | httpx.AsyncClient, step: Send) -> httpx.Request:
    more: dict[str, Any] = {} if step.body is None else {"json": step.body}
    return client.build_request(
        step.method, step.path, params=dict(step.query), headers=dict(step.headers), timeout=step.seconds, **more
    )


def _answer(response: httpx.Response) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, response.content)


def _unreachable(error: httpx.HTTPError) -> Unreachable:
    return Unreachable(f"HITL did not answer: {type(error).__name__} {error}".rstrip())


class _Caught:
    """What a flow is resumed with: the value of its step, or what the step raised. The flow decides what that means."""

    def __init__(self) -> None:
        self.value: Any = None
        self.error: BaseException | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> bool:
        self.error = error
        return True

    def resume(self, flow: Flow[T]) -> Step:
        """Go on with the flow to its next step."""
        return flow.send(self.value) if self.error is None else flow.throw(self.error)


def drive(flow: Flow[T], client: httpx.Client) -> T:
    """Run the flow to its end and return what it returns."""
    last = _Caught()
    while True:
        try:
            step = last.resume(flow)
        except StopIteration as end:
            return cast(T, end.value)
        with _Caught() as last:
            if isinstance(step, Send):
                last.value = _answer(_sent(client, step))
            elif isinstance(step, Sleep):
                time.sleep(step.seconds)
            else:
                last.value = _call(step)


async def adrive(flow: Flow[T], client: httpx.AsyncClient) -> T:
    """Run the flow to its end and return what it returns; functions of the caller may be coroutine functions."""
    last = _Caught()
    while True:
        try:
            step = last.resume(flow)
        except StopIteration as end:
            return cast(T, end.value)
        with _Caught() as last:
            if isinstance(step, Send):
                last.value = _answer(await _sent_async(client, step))
            elif isinstance(step, Sleep):
                await asyncio.sleep(step.seconds)
            else:
                value = step.function()
                last.value = await value if inspect.isawaitable(value) else value


def _sent(client: httpx.Client, step: Send) -> httpx.Response:
    try:
        return client.send(_request(client, step))
    except httpx.HTTPError as broken:
        raise _unreachable(broken) from broken


async def _sent_async(client: httpx.AsyncClient, step: Send) -> httpx.Response:
    try:
        return await client.send(_request(client, step))
    except httpx.HTTPError as broken:
        raise _unreachable(broken) from broken


def _call(step: Call) -> Any:
    value = step.function()
    if inspect.iscoroutine(value):
        value.close()
        raise TypeError("A coroutine function needs AsyncClient.")
    return value
