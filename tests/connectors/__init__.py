"""Connectors against real servers, files and mail."""
