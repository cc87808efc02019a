"""One long run of the whole product under faults that a seed draws, and the audit of what is left."""
