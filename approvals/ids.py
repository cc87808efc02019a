"""UUID version 7 (RFC 9562, section 5.7): ids that sort by the time they were made.

The time in an id is wall time, for index locality only; it is never read as business time.
"""

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new id: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
