"""Reads XML, such as invoices in UBL and CII, as an outline of labels and values."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from approvals.documents.inside.blocks import Reading, answered

MAX_DEPTH = 12
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")
# What UBL and CII say beside a value, and readers want to see with it.
_UNITS = ("currencyID", "unitCode", "format", "schemeID")


def read(job: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    """The elements in their order: how deep, their label and their value. Entities and document types are refused."""
    root = ElementTree.fromstring(content, forbid_dtd=True)
    reading = Reading()
    reading.rows("outline", _lines(root))
    return answered(job, reading)


def _lines(root: Element) -> Iterator[tuple[int, str, str]]:
    waiting = [(0, root)]
    while waiting:
        depth, element = waiting.pop()
        value = " ".join((element.text or "").split())
        units = [element.attrib[name] for name in _UNITS if value and name in element.attrib]
        if value or len(element):
            yield min(depth, MAX_DEPTH), _label(str(element.tag)), " ".join([value, *units])
        waiting.extend((depth + 1, inner) for inner in reversed(element))


def _label(tag: str) -> str:
    """The name of an element in words: ``cbc:PayableAmount`` is payable amount."""
    words = [word for word in _WORDS.split(tag.rpartition("}")[2]) if word]
    said = " ".join(word if word.isupper() else word.lower() for word in words) or tag
    return said[:1].upper() + said[1:]
