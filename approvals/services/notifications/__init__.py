"""Tell people what waits for them: queue, batching, messages, owners."""
