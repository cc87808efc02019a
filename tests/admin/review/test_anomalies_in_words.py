"""Anomalies and conditions for automation are said in the reader's language, whatever the engine found."""

import re
from typing import Any

import pytest
from django.test import Client

from approvals.actors import Actor, Door
from approvals.services.accounts import preferences
from tests.admin.pages import address
from tests.world import NOON, SCHEMA, World

pytestmark = pytest.mark.django_db(transaction=True)
# Values that one check or another finds odd.
ODD: dict[str, Any] = {
    "iban": "DE00",
    "date": "2999-01-01",
    "invoice_number": "0000",
    "amount": 717.974,
    "issuer": "P\u0430per Mill",
    "note": "\u202eabc <b>x</b>",
}
SPECIAL = {
    "mail": {"kind": "email"}, "phone": {"kind": "phone"}, "link": {"kind": "url"}, "who": {"kind": "name"},
    "vat": {"kind": "vat"}, "sum": {"kind": "total", "of": ["/net"]}, "day": {"kind": "date"},
}  # fmt: skip
WRONG = {
    "mail": "a@b@c.example", "phone": "none", "link": "javascript:x", "who": "1", "vat": "X1", "sum": 3,
    "net": 2, "day": "x",
}  # fmt: skip
# What begins an English sentence of a check; a value in quotation marks stands before it.
ENGLISH = re.compile(r"[”“\"]\s+(?:is|has|does|contains|mixes|differs|repeats|or one of)\s", re.IGNORECASE)


def german(client: Client, url: str) -> str:
    return client.get(url).content.decode().replace("&quot;", '"')


@pytest.fixture
def odd(here: World) -> Any:
    schema = SCHEMA | {
        "properties": SCHEMA["properties"] | {name: {"x-expect": each} for name, each in SPECIAL.items()}
    }
    here.kind.write_schema(schema)
    here.kind.save()
    actor = Actor(Door.ADMIN, person=here.junior)
    preferences.set_locale(actor=actor, at=NOON, language="de", time_zone="Europe/Berlin")
    return here.pending(payload={"currency": "EUR"} | ODD | WRONG)


class TestAGermanReader:
    def test_reads_no_anomaly_in_english(self, odd: Any, junior: Client) -> None:
        assert len({flag["code"] for flag in odd.flags}) > 10
        for url in (address(odd), "/admin/inbox/"):
            page = german(junior, url)
            assert "keine gültige IBAN" in page or url != address(odd)
            assert ENGLISH.findall(page) == []

    def test_reads_no_condition_in_english(self, odd: Any, junior: Client) -> None:
        page = german(junior, address(odd))
        folded = page.split('class="score why-not"')[1].split("</details>")[0]
        assert "Diese Auffälligkeiten sind behoben" in folded
        assert not re.search(r"\b(is at least|is at most|is known|are resolved|is provided|always decides)\b", folded)
