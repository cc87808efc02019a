"""Reading API keys: their format and their owner.

A key is ``hitl_<environment>_<identifier>_<secret>_<checksum>``; the secret has 256 random bits, so one SHA-256 over
the whole is all that must be kept. The checksum tells a typing error from a key that is not ours.
"""

import hashlib
import hmac
import re
import zlib

from django.db.models import BooleanField, CharField, ExpressionWrapper, Q
from django.db.models.functions import Now

from approvals.models import ApiKey
from policies.compiled import Compiled, Slot
from policies.db import Clock

ENVIRONMENTS = ("live", "test")

_SHAPE = re.compile(r"(hitl_(?:live|test)_([0-9A-Za-z]{12})_[0-9A-Za-z]{43})_([0-9a-f]{8})", re.ASCII)
_IS_EXPIRED = ExpressionWrapper(Q(expires_at__isnull=False) & Q(expires_at__lte=Now()), output_field=BooleanField())
# Asked by every request with a key.
_FOUND: Compiled[ApiKey] = Compiled(
    lambda: (
        ApiKey.objects.select_related("agent", "person")
        .annotate(is_expired=_IS_EXPIRED, read_at=Clock())
        .filter(identifier=Slot("identifier", CharField()))
    )
)


def checksum(body: str) -> str:
    """Return the last part of a key: CRC-32 of the rest, as eight hexadecimal digits."""
    return f"{zlib.crc32(body.encode('ascii')):08x}"


def fingerprint(plain: str) -> str:
    """Return the stored hash of a key: SHA-256 of its text, as 64 hexadecimal digits."""
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


def identifier_of(plain: str) -> str | None:
    """Return the identifier of a valid key, or None if the checksum is wrong."""
    match = _SHAPE.fullmatch(plain)
    if match is None or checksum(match[1]) != match[3]:
        return None
    return match[2]


def find(plain: str) -> ApiKey | None:
    """The key with its agent or person, ``read_at`` and ``is_expired`` by the database's clock, or None; one statement.

    A key that is revoked, expired or whose holder is inactive is found too: the door says which.
    """
    key = _FOUND.first(identifier=identifier_of(plain))
    if key is None or not hmac.compare_digest(key.secret_hash, fingerprint(plain)):
        return None
    return key
