"""Webhooks: where events are sent, the secret of each, and what became of each delivery."""
