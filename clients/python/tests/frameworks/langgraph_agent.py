"""LangGraph: a model and a node of tools, with a checkpoint in memory."""

from typing import Any

from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from hitl_client.adapters.langgraph import approval_tool
from tests.frameworks.runs import Run
from tests.product import KIND


def graph(tool: BaseTool, arguments: dict[str, Any]) -> Any:
    """An agent whose model calls this tool once, and then answers with what it was told."""
    calls = [AIMessage("", tool_calls=[{"name": tool.name, "args": arguments, "id": "call-1"}])]
    model = GenericFakeChatModel(messages=iter(calls))

    def think(state: MessagesState) -> dict[str, Any]:
        told = state["messages"][-1]
        return {"messages": [AIMessage(told.content) if told.type == "tool" else model.invoke(state["messages"])]}

    builder = StateGraph(MessagesState)
    builder.add_node("think", think)
    builder.add_node("tools", ToolNode([tool]))
    builder.set_entry_point("think")
    builder.add_conditional_edges("think", tools_condition)
    builder.add_edge("tools", "think")
    return builder.compile(checkpointer=InMemorySaver())


def run(run: Run) -> str:
    """The model's last words."""
    with run.client() as client:

        @approval_tool(client, KIND, confidence=0.99)
        def refund(customer: str, amount: str, currency: str) -> dict[str, str]:
            """Refund a customer."""
            return run.refund(customer, amount, currency)

        config = {"configurable": {"thread_id": run.thread}}
        asked = {"messages": [("user", "Refund the customer.")]}
        return str(graph(refund, run.arguments).invoke(asked, config)["messages"][-1].content)
