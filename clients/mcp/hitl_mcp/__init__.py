"""MCP and HITL: a gateway that holds tool calls until they are approved, and a server to propose actions."""
