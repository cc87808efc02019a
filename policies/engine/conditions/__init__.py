"""Conditions in CEL: compile, estimate the cost, evaluate."""
