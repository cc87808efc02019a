"""Tests of what is read from policies."""
