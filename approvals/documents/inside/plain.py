"""Reads a text as it is."""

from typing import Any

from approvals.documents.inside.blocks import Reading, answered, decoded


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The text, as one block."""
    reading = Reading()
    reading.text(decoded(content))
    return answered(job, reading)
