"""Carry out what was decided, once: schedule, dispatch, attempts, recovery."""
