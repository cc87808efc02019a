"""The MCP package against the product, the official client and a real server."""
