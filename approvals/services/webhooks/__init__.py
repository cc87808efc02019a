"""Webhooks: events queued for each one, signed, sent in order, and tried again for days."""
