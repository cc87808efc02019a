"""Phone numbers, links and names."""

from typing import Any

import pytest

from policies.engine.checks.find import find
from policies.engine.values.vocabulary import FLAGS
from tests.policies.engine.given import facts

PHONE, URL, NAME = ({"x-expect": {"kind": kind}} for kind in ("phone", "url", "name"))
PERSON = {"x-expect": {"kind": "name", "person": True}}


def codes(value: Any, schema: dict[str, Any]) -> list[str]:
    found = find(facts(payload={"it": value}), {"properties": {"it": schema}})
    assert {flag.code for flag in found} <= FLAGS.keys()
    return [flag.code for flag in found if flag.code.startswith(("malformed", "implausible"))]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        *(
            (PHONE, text)
            for text in ("+49 30 123456", "(030) 1234-567", "0041 44 668 18 00", "+1 415 555 0100 x12", "112 4455")
        ),
        *((PHONE, text) for text in ("+49 30 1234–56", "030‑123456", "+41\u00a044\u202f668 18 00", "030／123456")),
        *(
            (URL, text)
            for text in ("https://www.example.com/a?b=1#c", "http://example.org:8080/", "https://example.co.uk")
        ),
        *(
            (NAME, text)
            for text in ("3M", "7-Eleven", "O'Neil & Sons", "株式会社", "St. John’s", "Société d'Été", "A.P. Møller")
        ),
        *((PERSON, text) for text in ("Ana Ruiz", "Иванов", "Jean-Luc O’Neil", "أحمد")),
    ],
)
def test_a_usual_one_is_harmless(schema: dict[str, Any], value: object) -> None:
    assert codes(value, schema) == []


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        *(
            (PHONE, each)
            for each in ("call me", "12", "0000000000", "+49 30 12345678901234567", "٠٣٠١٢٣٤٥٦٧", "030/123;456", 7, "")
        ),
        *(
            (URL, each)
            for each in ("javascript:go()", "//x.example", "https://a@b.example", "https://bаnk.example", "x.example")
        ),
        *(
            (URL, each)
            for each in (
                "https://xn--bnk-7cd.example",
                "https://x.example\\@y.example",
                "https://x .example",
                "https://1.2.3.4",
            )
        ),
        *(({"format": "uri"}, each) for each in ("data:text/html,x", "https://user:pw@x.example")),
        *(
            (NAME, each)
            for each in ("https://x.example", "ann@x.example", "12345", "www.x.example", "pay at x.com", "a\nb", "-", 5)
        ),
        *((PERSON, each) for each in ("Ana Ruiz 2", "R2D2")),
    ],
)
def test_any_other_is_flagged(schema: dict[str, Any], value: object) -> None:
    assert len(codes(value, schema)) == 1
