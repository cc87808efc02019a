"""Conditions in CEL: compile, cost, evaluate."""
