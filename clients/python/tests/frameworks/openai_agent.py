"""The OpenAI Agents SDK, without a network of its own."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, RunContextWrapper, Runner, Usage
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from hitl_client import work
from hitl_client.adapters.openai_agents import approval_tool
from tests.frameworks.runs import Run
from tests.product import KIND


class Scripted(Model):
    """Calls the tool once, and then answers with what it was told."""

    def __init__(self, name: str, arguments: dict[str, Any]):
        self.name, self.arguments = name, arguments

    async def get_response(self, system_instructions: Any, input: Any, *args: Any, **kwargs: Any) -> ModelResponse:
        told = [item for item in input if isinstance(item, dict) and item.get("type") == "function_call_output"]
        answer = _says(str(told[0]["output"])) if told else self._calls()
        return ModelResponse(output=[answer], usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        raise NotImplementedError

    def _calls(self) -> ResponseFunctionToolCall:
        arguments = json.dumps(self.arguments)
        return ResponseFunctionToolCall(name=self.name, arguments=arguments, call_id="call-1", type="function_call")


def _says(text: str) -> ResponseOutputMessage:
    content: list[Any] = [ResponseOutputText(text=text, type="output_text", annotations=[])]
    return ResponseOutputMessage(id="m", role="assistant", status="completed", type="message", content=content)


async def _run(run: Run) -> str:
    async with run.async_client() as client:

        @approval_tool(client, KIND, confidence=0.99)
        async def refund(context: RunContextWrapper[None], customer: str, amount: str, currency: str) -> dict[str, str]:
            """Refund a customer."""
            return run.refund(customer, amount, currency)

        agent = Agent(name="agent", model=Scripted(refund.name, run.arguments), tools=[refund])
        with work(run.thread):
            done = await Runner.run(agent, "Refund the customer.", run_config=RunConfig(tracing_disabled=True))
        return str(done.final_output)


def run(run: Run) -> str:
    """The model's last words."""
    return asyncio.run(_run(run))
