"""Policy evaluation, counters and lookups."""
