"""Whole stories: from what an agent was asked to what happened once, through every door on the way."""
