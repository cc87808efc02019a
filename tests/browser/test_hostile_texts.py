"""What the decision page makes of a corpus of hostile texts and payloads, in a real browser."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from approvals.models import Action
from approvals.text.unicode import suspicions
from tests.browser.corpus import MAIL, PAYLOADS, TEXTS, VALUES
from tests.world import World

WIDTHS = (1280, 390)
VERDICTS = {"approve", "escalate", "reject"}
A_TIME = 12
# What of the page is ours: how many forms, buttons and frames, and whether anything was made to run or to spill over.
LOOK = """() => ({
    broken: Boolean(window.broken),
    forms: document.querySelectorAll('main form, article form').length,
    verdicts: [...new Set([...document.querySelectorAll('[name=verdict]')].map((one) => one.value))].sort(),
    foreign: document.querySelectorAll('article :is(iframe, img, base, style, meta, script, object)').length
        + document.querySelectorAll(':is(.value, .prose, .evidence) :is(form, button, a, input)').length,
    links: [...document.querySelectorAll('article a[href]')].map((one) => new URL(one.href).origin),
    spills: document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
        : [...document.querySelectorAll('main *')].filter((one) => !one.children.length
            && one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map((one) => `${one.parentElement.className} > ${one.tagName}.${one.className}`).slice(0, 5),
    chips: document.querySelectorAll('article .chip').length,
    bar: (document.querySelector('#decide')?.getBoundingClientRect().bottom ?? 0) <= window.innerHeight + 1,
})"""


def looked_at(desk: Page, live_server: LiveServer, action: Action, width: int) -> dict[str, Any]:
    desk.set_viewport_size({"width": width, "height": 900})
    answer = desk.goto(f"{live_server.url}/admin/approvals/action/{action.pk}/review/")
    assert answer is not None and answer.status == 200
    seen: dict[str, Any] = desk.evaluate(LOOK)
    return seen


def is_ours(seen: dict[str, Any], live_server: LiveServer, verdicts: set[str] = VERDICTS) -> None:
    """Nothing ran, nothing was added to the page, nothing spills over, and the buttons can be reached."""
    assert not seen["broken"]
    assert verdicts <= set(seen["verdicts"]) <= VERDICTS
    assert seen["foreign"] == 0
    assert set(seen["links"]) <= {live_server.url}
    assert seen["spills"] == []
    assert seen["bar"]


class TestTheCorpus:
    def test_is_large_enough(self) -> None:
        assert len(TEXTS) + len(PAYLOADS) >= 60

    @pytest.mark.parametrize("name", TEXTS)
    def test_of_texts_stays_text(self, desk: Page, here: World, live_server: LiveServer, name: str) -> None:
        text = TEXTS[name]
        # Once as the agent's words, and as a value beside one that it might pass for.
        action = here.pending(
            issuer=text[:200] or "x", note=text, instruction=text[:20_000], reasoning=text[:50_000],
            evidence=[{"label": text[:100].strip() or "x", "value": text[:20_000]}],
        )  # fmt: skip
        forms = None
        for width in WIDTHS:
            seen = looked_at(desk, live_server, action, width)
            is_ours(seen, live_server)
            assert seen["forms"] == (forms or seen["forms"])
            forms = seen["forms"]
            if suspicions(text):
                assert seen["chips"] >= 1, "something that cannot be seen is not shown as a code"

    @pytest.mark.parametrize("name", PAYLOADS)
    def test_of_payloads_is_shown_or_counted(self, desk: Page, here: World, live_server: LiveServer, name: str) -> None:
        action = here.pending(**PAYLOADS[name])
        for width in WIDTHS:
            is_ours(looked_at(desk, live_server, action, width), live_server)
        words = desk.text_content("article") or ""
        assert re.search(r"not in the schema", words) or set(PAYLOADS[name]) <= {"lines"}
        assert json.dumps(PAYLOADS[name])[:1] == "{"

    @pytest.mark.parametrize("first", range(0, len(VALUES), A_TIME))
    def test_of_values_is_read_as_what_it_is(
        self, desk: Page, here: World, live_server: LiveServer, first: int
    ) -> None:
        here.kind.write_schema(MAIL)
        here.kind.save()
        complete = {
            "issuer": "Paper Mill",
            "amount": "717.97",
            "currency": "EUR",
            "to": ["ana@example.com"],
            "body": "Hi",
        }
        for name, (values, sentence) in [*VALUES.items()][first : first + A_TIME]:
            action = here.pending(payload=complete | values)
            is_ours(looked_at(desk, live_server, action, WIDTHS[0]), live_server, verdicts={"escalate"})
            desk.set_viewport_size({"width": WIDTHS[1], "height": 900})
            is_ours(desk.evaluate(LOOK), live_server, verdicts={"escalate"})
            assert sentence in " ".join((desk.text_content("article") or "").split()), name
