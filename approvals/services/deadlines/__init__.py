"""Deadlines: what is due is reminded of, escalated or ended, by the clock alone."""
