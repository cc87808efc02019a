"""Drive flows over httpx: one driver blocks its thread, the other awaits."""

import asyncio
import inspect
import time
from typing import Any, TypeVar

import httpx

from hitl_client.errors import Unreachable
from hitl_client.steps import Answer, Call, Flow, Send, Sleep

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


def _advance(flow: Flow[T], value: Any, error: BaseException | None) -> Any:
    return flow.send(value) if error is None else flow.throw(error)


def drive(flow: Flow[T], client: httpx.Client) -> T:
    """Run the flow to its end and return what it returns."""
    value: Any = None
    error: BaseException | None = None
    while True:
        try:
            step = _advance(flow, value, error)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        value, error = None, None
        try:
            if isinstance(step, Send):
                value = _answer(client.send(_request(client, step)))
            elif isinstance(step, Sleep):
                time.sleep(step.seconds)
            else:
                value = _call(step)
        except httpx.HTTPError as broken:
            error = _unreachable(broken) if isinstance(step, Send) else broken
        except BaseException as raised:  # noqa: BLE001 -- the flow decides what it means, and raises it again
            error = raised


async def adrive(flow: Flow[T], client: httpx.AsyncClient) -> T:
    """Run the flow to its end and return what it returns; functions of the caller may be coroutine functions."""
    value: Any = None
    error: BaseException | None = None
    while True:
        try:
            step = _advance(flow, value, error)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        value, error = None, None
        try:
            if isinstance(step, Send):
                value = _answer(await client.send(_request(client, step)))
            elif isinstance(step, Sleep):
                await asyncio.sleep(step.seconds)
            else:
                value = step.function()
                value = await value if inspect.isawaitable(value) else value
        except httpx.HTTPError as broken:
            error = _unreachable(broken) if isinstance(step, Send) else broken
        except BaseException as raised:  # noqa: BLE001 -- the flow decides what it means, and raises it again
            error = raised


def _call(step: Call) -> Any:
    value = step.function()
    if inspect.iscoroutine(value):
        value.close()
        raise TypeError("A coroutine function needs AsyncClient.")
    return value
