"""Keeps the house: who may import whom, how large a thing may grow, what a service looks like."""
