"""Suites of others, asked of an agent that uses the client."""
