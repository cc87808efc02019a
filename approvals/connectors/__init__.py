"""Connectors execute approved actions; one module each."""
