"""Tests of what the database itself holds about policies."""
