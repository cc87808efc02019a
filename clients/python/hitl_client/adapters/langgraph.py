"""LangGraph and LangChain: `pip install 'hitl-client[langgraph]'`.

```python
@approval_tool(client, "ticket.refund")
def refund(customer: str, amount: str, currency: str) -> dict:
    '''Refund a customer.'''
```

The work is the `thread_id` of the graph's configuration.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from langchain_core.tools import BaseTool, tool
from langgraph.config import get_config
from langgraph.types import interrupt

from hitl_client.adapters.naming import named_by
from hitl_client.client import AsyncClient, Client
from hitl_client.decorator import requires_approval
from hitl_client.errors import HitlError, NotDecidedYet
from hitl_client.wording import explain

# How long a graph waits for policy before it is interrupted for people.
SECONDS_FOR_POLICY = 5.0


def approval_tool(
    client: Client | AsyncClient, action_type: str, *, pause: bool = False, **options: Any
) -> Callable[[Callable[..., Any]], BaseTool]:
    """Make a tool of a function. What the gate refuses, the model reads as the tool's result.

    With `pause`, the graph is interrupted while people decide. The value of the interrupt has the `action_id`. Resume
    the graph when the action is decided: the same call then goes on. `options` are those of `requires_approval`.
    """

    def around(function: Callable[..., Any]) -> BaseTool:
        if pause:
            options.setdefault("timeout", SECONDS_FOR_POLICY)
        gated = requires_approval(client, action_type, **{"tell": not pause, **options})(function)
        return tool(named_by(_pausing(gated) if pause else gated, _thread))

    return around


def _thread() -> str:
    try:
        return str(get_config().get("configurable", {}).get("thread_id") or "")
    except RuntimeError:
        # It is called outside of a graph.
        return ""


def _pausing(gated: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(gated)
    def blocking(*args: Any, **kwargs: Any) -> Any:
        while True:
            try:
                return gated(*args, **kwargs)
            except HitlError as error:
                if (told := _told(error)) is not None:
                    return told

    @functools.wraps(gated)
    async def awaited(*args: Any, **kwargs: Any) -> Any:
        while True:
            try:
                return await gated(*args, **kwargs)
            except HitlError as error:
                if (told := _told(error)) is not None:
                    return told

    return awaited if inspect.iscoroutinefunction(gated) else blocking


def _told(error: HitlError) -> str | None:
    """What the model reads; None if the graph was resumed, so that the call goes on."""
    if not isinstance(error, NotDecidedYet):
        return explain(error)
    interrupt({"action_id": error.action_id, "state": error.state})
    return None
