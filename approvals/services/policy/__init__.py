"""Ask policy about an action: input, counters, evaluation, replay."""
