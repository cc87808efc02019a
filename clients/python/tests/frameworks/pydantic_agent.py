"""Pydantic AI with its own model of functions."""

import asyncio

from pydantic_ai import Agent, RunContext
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from hitl_client import work
from hitl_client.adapters.pydantic_ai import approval_tool
from tests.frameworks.runs import Run
from tests.product import KIND


async def _run(run: Run) -> str:
    def think(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        told = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
        if told:
            return ModelResponse(parts=[TextPart(told[0].model_response_str())])
        return ModelResponse(parts=[ToolCallPart(info.function_tools[0].name, run.arguments)])

    async with run.async_client() as client:

        @approval_tool(client, KIND, confidence=0.99)
        async def refund(context: RunContext[None], customer: str, amount: str, currency: str) -> dict[str, str]:
            """Refund a customer."""
            return run.refund(customer, amount, currency)

        with work(run.thread):
            done = await Agent(FunctionModel(think), tools=[refund]).run("Refund the customer.")
        return str(done.output)


def run(run: Run) -> str:
    """The model's last words."""
    return asyncio.run(_run(run))
