"""The secrets of webhooks, and the signatures of Standard Webhooks that they make.

A secret is not stored. It follows from the webhook's nonce and a key of decisions, so that who can only read the
database cannot sign. While there are several keys, each signs, and receivers keep their secret until a key goes.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from approvals import conf
from approvals.models import Webhook

PREFIX = "whsec_"
# No other message under the same key begins like this.
_DOMAIN = b"hitl/webhook/v1\x00"


def secrets_of(webhook: Webhook, now: datetime) -> list[bytes]:
    """Return the secrets that are valid, the newest first; none before the first was issued."""
    return [_secret(key, webhook, nonce) for nonce in webhook.nonces(now) for key in conf.decision_keys()]


def shown(secret: bytes) -> str:
    """Return a secret as receivers are given it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(secrets: list[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the three headers of a message: its ID, the attempt's time in seconds, and a signature for each secret."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode() for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _secret(key: bytes, webhook: Webhook, nonce: str) -> bytes:
    return hmac.new(key, _DOMAIN + f"{webhook.pk}:{nonce}".encode(), hashlib.sha256).digest()
