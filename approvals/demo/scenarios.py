"""The demo's scenarios: each makes one proposal, as sent over REST.

About four in five run automatically. The same scenarios make the history and the live proposals.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from stdnum import iban

from approvals.demo.paper import File, invoice, letter
from approvals.demo.sample_texts import ACCOUNTS, EMPLOYEES, LARGE_SUPPLIERS, PAYEES, SUPPLIERS, SYSTEMS

READER, WRITER, HELPER, TREASURY = "invoice-reader", "outreach-writer", "access-helper", "treasury-bot"


@dataclass(frozen=True, slots=True)
class Wish:
    """One proposal: its agent, its body as in ``POST actions/``, and the corrections of an attentive reviewer.

    ``files`` are attached to it; its evidence names them by their names.
    """

    agent: str
    body: Mapping[str, Any]
    correction: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()

    def attached(self, ids: Mapping[str, Any]) -> dict[str, Any]:
        """The body with the IDs of its files, by their names."""
        if not ids:
            return dict(self.body)
        evidence = [
            item | {"attachment": ids[item["attachment"]]} if "attachment" in item else item
            for item in self.body["evidence"]
        ]
        return {**self.body, "evidence": evidence, "attachments": list(ids.values())}


Scenario = Callable[[Random, datetime], Wish]
_ASKED = (
    "Hello,\n\nsince the summer fewer people look at the reports here. Is there a way to get them by email instead?"
    "\n\nBest wishes"
)


def small_invoice(random: Random, at: datetime) -> Wish:
    """Propose a complete, plausible and small invoice: it is posted automatically."""
    name, account, what = random.choice(SUPPLIERS)
    return Wish(READER, _invoice(random, at, name, account, what, random.randrange(600, 46_000)))


def large_invoice(random: Random, at: datetime) -> Wish:
    """Propose a complete invoice above the amount for automatic posting."""
    name, account, what = random.choice(LARGE_SUPPLIERS)
    return _on_paper(_invoice(random, at, name, account, what, random.randrange(60_000, 480_000)))


def very_large_invoice(random: Random, at: datetime) -> Wish:
    """Propose an invoice above a junior's ceiling."""
    name, account, what = random.choice(LARGE_SUPPLIERS)
    return _on_paper(_invoice(random, at, name, account, what, random.randrange(510_000, 2_400_000)))


def faulty_invoice(random: Random, at: datetime) -> Wish:
    """Propose a small invoice with a missing, malformed or implausible value, as invoice readers produce them."""
    name, account, what = random.choice(SUPPLIERS)
    body = _invoice(random, at, name, account, what, random.randrange(600, 46_000))
    pointer, wrong = random.choice(
        [
            ("amount", None),
            ("invoice_number", "F"),
            ("iban", "DE00 1234"),
            ("date", "2062-01-01"),
            ("invoice_number", None),
        ]
    )
    printed = dict(body["payload"])
    right = body["payload"].pop(pointer)
    if wrong is not None:
        body["payload"][pointer] = wrong
    return _on_paper(body, printed, {pointer: right})


def misread_invoice(random: Random, at: datetime) -> Wish:
    """Propose an invoice whose amount has two digits the other way round than on the paper."""
    name, account, what = random.choice(LARGE_SUPPLIERS)
    body = _invoice(random, at, name, account, what, random.randrange(610, 4_700) * 100)
    printed = dict(body["payload"])
    wrong = _other_way_round(str(printed["amount"]))
    body["payload"] |= {"amount": wrong, "amount_untaxed": wrong, "amount_tax": "0.00", "lines": []}
    return _on_paper(body, printed, {"amount": printed["amount"]})


def invented_account(random: Random, at: datetime) -> Wish:
    """Propose an invoice with another IBAN than is printed on it, and quote the one that is not there."""
    name, account, what = random.choice(LARGE_SUPPLIERS)
    body = _invoice(random, at, name, account, what, random.randrange(60_000, 480_000))
    printed = {**body["payload"], "iban": _iban(random)}
    wish = _on_paper(body, printed, {"iban": printed["iban"]})
    for item in wish.body["evidence"]:
        if item.get("field") == "/iban":
            item["quote"] = f"IBAN {body['payload']['iban']}"
    return wish


def _other_way_round(amount: str) -> str:
    """The amount with its second and third digit exchanged, or counted up where they are the same."""
    first, second, third, rest = amount[0], amount[1], amount[2], amount[3:]
    return f"{first}{third}{second}{rest}" if second != third else f"{first}{(int(second) + 3) % 10}{third}{rest}"


def _on_paper(
    body: dict[str, Any], printed: Mapping[str, Any] | None = None, correction: Mapping[str, Any] | None = None
) -> Wish:
    """The proposal with its invoice as a PDF, and where on it each value stands."""
    paper, payload = printed or body["payload"], body["payload"]
    file = invoice(paper, f"{paper['invoice_number']}.pdf")
    quotes = {
        "invoice_number": str(paper["invoice_number"]),
        "date": str(paper["date"]),
        "amount": f"Total {paper['currency']} {paper['amount']}",
        "iban": f"IBAN {paper['iban']}",
    }
    said = [
        {"label": name.replace("_", " "), "field": f"/{name}", "attachment": file.name, "page": 1, "quote": quote}
        for name, quote in quotes.items()
        if name in payload
    ]
    return Wish(READER, body | {"evidence": [*said, body["evidence"][1]]}, correction or {}, (file,))


def _invoice(random: Random, at: datetime, name: str, account: str, what: str, cents: int) -> dict[str, Any]:
    number = f"{random.choice(['R', 'INV-', 'F', ''])}{at.year}{random.randrange(10_000, 99_999)}"
    tax = cents * 19 // 119
    issued = at - timedelta(days=random.randrange(1, 12))
    payload = {
        "issuer": name,
        "invoice_number": number,
        "date": f"{issued:%Y-%m-%d}",
        "amount": _decimal(cents),
        "amount_untaxed": _decimal(cents - tax),
        "amount_tax": _decimal(tax),
        "currency": "EUR",
        "account": account,
        "iban": _iban(random),
        "desc": what,
        "lines": [{"name": what, "qty": 1, "price_subtotal": _decimal(cents - tax)}],
    }
    file = f"inbox/{issued:%Y/%m}/{number}.pdf"
    return {
        "action_type": "invoice.post",
        "payload": payload,
        "instruction": "Read the invoices in the accounts mailbox and post each one.",
        "reasoning": f"The supplier is known. Earlier invoices for “{what}” were posted to account {account}.",
        "confidence": round(random.uniform(0.9, 0.99), 2),
        "evidence": [{"label": "source file", "value": file}, {"label": "reader", "value": "template match"}],
        "thread": f"mailbox-{issued:%Y-%m}",
    }


def reading_access(random: Random, at: datetime) -> Wish:
    """Propose read access: granted automatically."""
    return Wish(HELPER, _access(random, random.choice(SYSTEMS), "viewer", "0.00"))


def writing_access(random: Random, at: datetime) -> Wish:
    """Propose write access: a person decides."""
    wish = _access(random, random.choice(SYSTEMS), "editor", "24.00")
    return Wish(HELPER, wish, {"role": "viewer"})


def admin_access(random: Random, at: datetime) -> Wish:
    """Propose an admin role or access to salaries: a senior decides."""
    system, role = random.choice([("GitHub", "admin"), ("Payroll", "viewer"), ("Salesforce", "admin")])
    return Wish(HELPER, _access(random, system, role, "60.00"))


def _access(random: Random, system: str, role: str, cost: str) -> dict[str, Any]:
    employee, address, department = random.choice(EMPLOYEES)
    payload = {"employee": employee, "email": address, "system": system, "role": role, "monthly_cost": cost}
    payload["reason"] = random.choice(
        ["Covers for a colleague on leave", "Joined the team this week", "Needs it for the quarterly report"]
    )
    return {
        "action_type": "access.grant",
        "payload": payload,
        "instruction": f"{employee} asked in chat: “Could I get {role} access to {system}?”",
        "reasoning": f"{department} regularly uses {system}. The employee has no role there yet.",
        "confidence": round(random.uniform(0.8, 0.98), 2),
        "evidence": [
            {"label": "department", "value": department},
            {"label": "current roles", "value": "none in this system"},
        ],
        "on_behalf_of": address,
    }


def template_mail(random: Random, at: datetime) -> Wish:
    """Propose a reminder from a template: it is sent automatically."""
    account, to, _, renewal = random.choice(ACCOUNTS)
    body = (
        f"Hello,\n\nYour subscription renews {renewal}. No action is needed. To change it,"
        " reply to this email.\n\nKind regards\nThe customer team"
    )
    return Wish(WRITER, _mail(random, account, to, "Your renewal", body, "renewal-reminder", 0.93))


def free_mail(random: Random, at: datetime) -> Wish:
    """Propose a free text: the account manager reads it first."""
    account, to, _, renewal = random.choice(ACCOUNTS)
    body = (
        f"Hello,\n\nI noticed that your team uses the reports less than in spring. Your renewal is {renewal}. May I"
        " show you in 15 minutes what is new?\n\nKind regards\nYour account manager"
    )
    better = body.replace("I noticed that your team uses the reports less than in spring. ", "")
    wish = _mail(random, account, to, "15 minutes before your renewal?", body, "free-text", 0.74)
    asked = letter(to, "success@northwind.example", "Our reports", _ASKED, at - timedelta(days=3))
    said = {
        "label": "their last email",
        "attachment": asked.name,
        "page": 1,
        "quote": "fewer people look at the reports",
    }
    return Wish(WRITER, wish | {"evidence": [*wish["evidence"], said]}, {"body": better}, (asked,))


def generous_mail(random: Random, at: datetime) -> Wish:
    """Propose a mail that promises money: a senior decides."""
    account, to, _, _ = random.choice(ACCOUNTS)
    body = (
        "Hello,\n\nYour renewal is coming up. We can offer a 20% discount for the next year if you confirm this"
        " week.\n\nKind regards\nYour account manager"
    )
    wish = _mail(random, account, to, "An offer for your renewal", body, "free-text", 0.66)
    return Wish(WRITER, wish)


def _mail(
    random: Random, account: str, to: str, subject: str, body: str, template: str, confidence: float
) -> dict[str, Any]:
    value, renewal = next((value, renewal) for name, _, value, renewal in ACCOUNTS if name == account)
    return {
        "action_type": "outreach.send_email",
        "payload": {"account": account, "to": to, "subject": subject, "body": body, "template": template},
        "instruction": "Find accounts at risk of churn, and draft an email to each.",
        "reasoning": f"{account} logs in less often than last quarter. Its renewal is {renewal}.",
        "confidence": round(confidence + random.uniform(-0.03, 0.03), 2),
        "evidence": [{"label": "contract value", "value": value}, {"label": "renewal", "value": renewal}],
    }


def payment(random: Random, at: datetime) -> Wish:
    """Propose a payment: a person decides regardless of confidence."""
    payee, what = random.choice(PAYEES)
    payload = {
        "payee": payee,
        "iban": _iban(random),
        "money": {"amount": _decimal(random.randrange(150_000, 1_800_000)), "currency": "EUR"},
        "reference": f"INV-{at.year}{random.randrange(1000, 9999)}",
        "due": f"{at + timedelta(days=9):%Y-%m-%d}",
    }
    body = {
        "action_type": "payment.wire",
        "payload": payload,
        "instruction": "Pay the invoices that are due this week.",
        "reasoning": f"The invoice for “{what}” was posted and approved. It is due in nine days.",
        "confidence": 0.99,
        "evidence": [{"label": "contract", "value": f"contracts/{payee.lower().replace(' ', '-')}.pdf"}],
    }
    return Wish(TREASURY, body)


def _iban(random: Random) -> str:
    account = f"{random.randrange(10**17, 10**18)}"
    return f"DE{iban.calc_check_digits(f'DE00{account}')}{account}"


def _decimal(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


WEIGHTS: Mapping[Scenario, int] = {
    small_invoice: 70,
    reading_access: 14,
    template_mail: 6,
    large_invoice: 7,
    faulty_invoice: 5,
    very_large_invoice: 1,
    writing_access: 3,
    admin_access: 1,
    free_mail: 4,
    generous_mail: 1,
    payment: 1,
    misread_invoice: 1,
    invented_account: 1,
}


def pick(random: Random, at: datetime) -> Wish:
    """Return a random wish with realistic odds."""
    scenario = random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return scenario(random, at)
