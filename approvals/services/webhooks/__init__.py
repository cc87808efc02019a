"""Webhooks: events queued for each one, sent in order with a signature, tried again for days, and sent again on request."""
