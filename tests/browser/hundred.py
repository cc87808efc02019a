"""A hundred actions of mixed kinds and risks, and somebody who decides them by what the page shows, by keys alone."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from playwright.sync_api import Page

from approvals.models import Action, ActionType, Agent, Desk, Membership, Person
from approvals.states import Reversibility, Stakes, Tier
from tests import world
from tests.world import World

POLICY = """
policy: hundred
title: Everything here reaches a person
about: The smallest waits, too, so that a hundred do.
rules:
  - {name: every-one, when: "true", outcome: review, says: Somebody looks at each of these.}
tiers:
  junior: {who: responsible, quorum: 1, due: 1d, on_timeout: escalate}
  senior: {who: desk, quorum: 1, due: 2d, on_timeout: expire}
"""
GRANT: dict[str, Any] = {
    "type": "object",
    "required": ["employee", "system", "role"],
    "properties": {
        "employee": {"type": "string", "title": "Employee"},
        "system": {"type": "string", "title": "System"},
        "role": {"enum": ["viewer", "editor", "owner"], "title": "Role"},
    },
}
MAIL: dict[str, Any] = {
    "type": "object",
    "required": ["to", "subject", "body"],
    "properties": {
        "to": {"type": "string", "format": "email", "title": "To"},
        "subject": {"type": "string", "title": "Subject"},
        "body": {"type": "string", "title": "Body"},
    },
}
SUPPLIERS = {"Paper Mill": "NL91ABNA0417164300", "Ink Works": "DE89370400440532013000", "Toner Ltd": ""}
ANOTHER_ACCOUNT = "GB29NWBK60161331926819"
# Keys count only so many milliseconds after a page came (static/hitl/keys.js), lest one decides the next item unseen.
ARMED_AFTER = 420
TOOK = """() => {
    const page = performance.getEntriesByType('navigation')[0];
    return page.responseEnd - (page.redirectStart || page.requestStart);
}"""
# All that somebody sees who looks at the page: its words, what is marked, and the codes of hidden characters.
LOOK = """() => {
    const text = (of) => [...document.querySelectorAll(of)].map((one) => one.innerText.replaceAll('\\n', ' '));
    return {
        id: location.pathname.split('/').at(-3),
        marks: text('.what .mark, .why .oddities li'),
        chips: document.querySelectorAll('.what .chip').length,
        values: text('.what .field').join(' | '),
        evidence: text('.evidence dd').join(' | '),
        words: text('.words').join(' '),
    };
}"""


@dataclass
class Meant:
    """What a careful reviewer does with it, and the fault that was planted in it, if one was."""

    verdict: str
    planted: str = ""


@dataclass
class Hand:
    """Ten fingers and no mouse: counts the keys that command, and the characters typed into fields."""

    page: Page
    keys: int = 0
    letters: int = 0
    waits: list[float] = field(default_factory=list)

    def press(self, key: str) -> None:
        """A key that stays on the page."""
        self.keys += 1
        self.page.keyboard.press(key)

    def go(self, key: str, armed: bool = True) -> None:
        """A key that leads to another page; how long that took to come is kept, in milliseconds."""
        with self.page.expect_navigation():
            self.press(key)
        self.waits.append(float(self.page.evaluate(TOOK)))
        if armed:
            self.page.wait_for_timeout(ARMED_AFTER)

    def write(self, text: str) -> None:
        """Words or a number, into the field that has the focus."""
        self.letters += len(text)
        self.page.keyboard.type(text)


def found(owner: Person) -> World:
    """A desk of its own with three kinds of action, and a junior and a senior at it."""
    desk = Desk.objects.create(slug="hundred", name="Hundred")
    junior, senior = world.person("hundred-junior"), world.person("hundred-senior")
    Membership.objects.create(person=junior, desk=desk, tier=Tier.JUNIOR)
    Membership.objects.create(person=senior, desk=desk, tier=Tier.SENIOR)
    world.publish(POLICY, "hundred", owner, senior)
    kind = world.invoice_type(desk, name="hundred.invoice", policy="hundred")
    plain = {"amount_pointer": "", "currency_pointer": "", "reference_pointer": "", "automation_requires": []}
    world.invoice_type(
        desk, name="hundred.grant", title="Grant access", schema=GRANT, policy="hundred", domain="it",
        subject_pointer="/employee", summary="Make {/employee} {/role} of {/system}", stakes=Stakes.LOW, **plain,
    )  # fmt: skip
    world.invoice_type(
        desk, name="hundred.mail", title="Send e-mail", schema=MAIL, policy="hundred", domain="marketing",
        subject_pointer="/to", summary="Write to {/to}: {/subject}", has_external_impact=True,
        reversibility=Reversibility.IRREVERSIBLE, **plain,
    )  # fmt: skip
    agent = Agent.objects.create(name="hundred-bot", title="Hundred bot", owner=owner)
    return World(owner, junior, senior, desk, kind, agent)


def plant(here: World, random: Random) -> dict[str, Meant]:
    """Propose and route a hundred in any order, after some that were usual; what each deserves, by its id."""
    for name in ("Paper Mill", "Ink Works"):
        for amount in (180, 210, 240, 270):
            world.decide("approve", here.pending(**invoice(name, amount)), here.senior)
    wishes = [*_routine(), *_short(), *_bad(), *_grave(), *_unclear()]
    random.shuffle(wishes)
    return {str(here.pending(**fields).pk): meant for meant, fields in wishes}


Wish = tuple[Meant, dict[str, Any]]


def invoice(name: str, amount: float, **more: Any) -> dict[str, Any]:
    account = {"iban": SUPPLIERS[name]} if SUPPLIERS[name] else {}
    evidence = [{"label": "Order", "value": f"PO for {name}"}]
    return {"issuer": name, "amount": amount, **account, "evidence": evidence, **more}


def grant(number: int, role: str) -> dict[str, Any]:
    payload = {"employee": f"Employee {number}", "system": "Wiki", "role": role}
    return {"action_type": "hundred.grant", "payload": payload, "evidence": [{"label": "Team", "value": "Support"}]}


def mail(to: str, words: str = "Your contract renews in May.", **more: Any) -> dict[str, Any]:
    payload = {"to": to, "subject": "Your renewal", "body": words}
    evidence = [{"label": "Contract", "value": "C-204"}]
    return {"action_type": "hundred.mail", "payload": payload, "evidence": evidence, **more}


def _routine() -> Iterator[Wish]:
    names = itertools.cycle(SUPPLIERS)
    for number in range(26):
        yield Meant("approve"), invoice(next(names), 110 + 7 * number)
    for number in range(20):
        yield Meant("approve"), grant(number, "viewer" if number % 2 else "editor")
    for number in range(16):
        yield Meant("approve"), mail(f"customer{number}@example.com")


def _short() -> Iterator[Wish]:
    """The amount was not read; it stands on what the agent attached."""
    for number in range(10):
        wish = invoice("Paper Mill", 0, evidence=[{"label": "Total on the paper", "value": f"{180 + number}.40"}])
        payload = {name: wish[name] for name in ("issuer", "iban")}
        yield (
            Meant("modify", "no amount"),
            {
                "payload": payload | {"currency": "EUR", "invoice_number": f"S-{number:05}"},
                "evidence": wish["evidence"],
            },
        )


def _bad() -> Iterator[Wish]:
    for number in range(4):
        yield Meant("reject", "another account"), invoice("Paper Mill", 200 + number, iban=ANOTHER_ACCOUNT)
    for number in range(2):
        yield Meant("reject", "no such account"), invoice("Ink Works", 205 + number, iban="NL00BANK0000000000")
    yield Meant("reject", "far above the usual"), invoice("Ink Works", 4_800)
    for word in ("Ink\u202eskroW", "Paper\u200b Mill", "P\u0430per Mill"):
        yield Meant("reject", "a name that passes for another"), invoice("Toner Ltd", 150, issuer=word)
    for to in ("ceo@ex\u0430mple.com", "finance@paypa\u200bl.example"):
        yield Meant("reject", "an address that passes for another"), mail(to)
    for words in ("SYSTEM: approved already, press a.", "Policy says: approved already. No look is needed."):
        yield Meant("reject", "words that pass for ours"), mail("board@example.com", reasoning=words)


def _grave() -> Iterator[Wish]:
    for number in range(8):
        yield Meant("escalate", "power over a whole system"), grant(100 + number, "owner")


def _unclear() -> Iterator[Wish]:
    for number in range(6):
        yield Meant("ask", "nothing attached"), invoice("Toner Ltd", 300 + number, evidence=[])


def judged(look: dict[str, Any]) -> str:
    """What somebody who knows the desk decides on what the page shows, and on nothing else."""
    if any("issing" in mark for mark in look["marks"]):
        return "modify"
    if look["marks"] or look["chips"] or "approved already" in look["words"]:
        return "reject"
    if "owner" in look["values"]:
        return "escalate"
    return "approve" if look["evidence"] else "ask"


def _approve(hand: Hand, look: dict[str, Any]) -> None:
    hand.go("a")


def _reject(hand: Hand, look: dict[str, Any]) -> None:
    hand.go("r")


def _escalate(hand: Hand, look: dict[str, Any]) -> None:
    hand.go("e")


def _modify(hand: Hand, look: dict[str, Any]) -> None:
    """The field that lacks its value has the focus; what it should be stands among what the agent attached."""
    hand.go("m", armed=False)
    hand.write(look["evidence"])
    hand.go("Control+Enter")
    hand.go("Enter")


def _ask(hand: Hand, look: dict[str, Any]) -> None:
    """The key leads to where the question is written; Ctrl+Enter sends it, and another key goes on."""
    hand.press("i")
    hand.write("Which order?")
    hand.go("Control+Enter")
    hand.go("n")


DO: dict[str, Callable[[Hand, dict[str, Any]], None]] = {
    "approve": _approve,
    "reject": _reject,
    "escalate": _escalate,
    "modify": _modify,
    "ask": _ask,
}


@dataclass(frozen=True)
class Done:
    """One decision: of what, which, and what it took."""

    action: str
    verdict: str
    keys: int
    letters: int
    waits: tuple[float, ...]
    saw: str


def decide_all(page: Page, url: str, most: int) -> list[Done]:
    """From the inbox on, decide one after the other until the inbox comes again, ``most`` at the most."""
    page.goto(f"{url}/admin/inbox/")
    page.wait_for_timeout(ARMED_AFTER)
    hand = Hand(page)
    hand.press("j")
    hand.go("Enter")
    done: list[Done] = []
    while "/review/" in page.url and len(done) < most:
        look = page.evaluate(LOOK)
        verdict = judged(look)
        hand = Hand(page)
        DO[verdict](hand, look)
        done.append(Done(look["id"], verdict, hand.keys, hand.letters, tuple(hand.waits), f"{look}"))
    return done


def outcome(action: Action) -> str:
    """What the record says was done with it."""
    if action.state != "pending":
        verdict: str = {"approved": "approve", "modified": "modify", "rejected": "reject"}.get(
            action.state, action.state
        )
        return verdict
    if action.required_tier == Tier.SENIOR:
        return "escalate"
    return "ask" if action.notes.filter(is_open=True).exists() else "nothing"


def kinds() -> list[ActionType]:
    """The three kinds."""
    return list(ActionType.objects.filter(name__startswith="hundred."))
