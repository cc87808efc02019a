"""Real processes, killed and paused, against servers that count effects."""
