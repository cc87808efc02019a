"""UUID version 7 (RFC 9562, section 5.7): ids that sort by the time they were made.

The time in an id is wall time, for index locality; it is never business time, only a bound that may be too early.
"""

import secrets
import time
import uuid
from datetime import UTC, datetime


def uuid7() -> uuid.UUID:
    """A new id: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def made_at(key: uuid.UUID) -> datetime:
    """When an id was made, by the clock of whoever made it."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)
