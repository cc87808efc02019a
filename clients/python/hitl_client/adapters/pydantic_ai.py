"""Pydantic AI: `pip install 'hitl-client[pydantic-ai]'`.

```python
@approval_tool(client, "ticket.refund")
async def refund(customer: str, amount: str, currency: str) -> str:
    '''Refund a customer.'''

agent = Agent(model, tools=[refund])
with work("ticket-17"):
    await agent.run("Refund Paper Mill.")
```
"""

from collections.abc import Callable
from typing import Any

from pydantic_ai import RunContext, Tool

from hitl_client.adapters.naming import contexts_of
from hitl_client.client import AsyncClient, Client
from hitl_client.decorator import requires_approval


def approval_tool(
    client: Client | AsyncClient, action_type: str, **options: Any
) -> Callable[[Callable[..., Any]], Tool[Any]]:
    """Make a tool of a function. What the gate refuses, the model reads as the tool's result.

    A parameter for the run's context is not part of the payload. `options` are those of `requires_approval`.
    """

    def around(function: Callable[..., Any]) -> Tool[Any]:
        omit = contexts_of(function, RunContext)
        return Tool(requires_approval(client, action_type, **{"tell": True, "omit": omit, **options})(function))

    return around
