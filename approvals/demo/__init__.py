"""The demo: a small company with three desks and a few weeks of history, made through the regular services."""
