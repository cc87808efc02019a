"""Take actions in: from agents, from people, and as overrides or reversals of others."""
