"""Tell people what waits for them: recipients, queue, batching, messages, owners."""
