"""The OpenAI Agents SDK: `pip install 'hitl-client[openai-agents]'`.

```python
@approval_tool(client, "ticket.refund")
async def refund(customer: str, amount: str, currency: str) -> str:
    '''Refund a customer.'''

with work("ticket-17"):
    await Runner.run(agent, "Refund Paper Mill.")
```
"""

from collections.abc import Callable
from typing import Any

from agents import FunctionTool, RunContextWrapper, function_tool

from hitl_client.adapters.naming import contexts_of
from hitl_client.client import AsyncClient, Client
from hitl_client.decorator import requires_approval


def approval_tool(
    client: Client | AsyncClient, action_type: str, **options: Any
) -> Callable[[Callable[..., Any]], FunctionTool]:
    """Make a tool of a function. What the gate refuses, the model reads as the tool's result.

    A parameter for the SDK's context is not part of the payload. `options` are those of `requires_approval`.
    """

    def around(function: Callable[..., Any]) -> FunctionTool:
        omit = contexts_of(function, RunContextWrapper)
        return function_tool(
            requires_approval(client, action_type, **{"tell": True, "omit": omit, **options})(function)
        )

    return around
