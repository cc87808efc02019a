#!/usr/bin/env python3
"""An agent to copy: proposes each invoice of a folder, waits for the answer, and says what became of it.

    HITL_URL=http://127.0.0.1:8000 HITL_KEY=hitl_test_... python3 invoice_agent.py FOLDER

It reads the JSON that invoice readers write (a list of invoices, or one), needs Python's standard library only, and
prints one line per invoice: its file, the state it reached, and why. A PDF of the same name is attached. A reader is
often a language model: what it got wrong is named and not proposed, such as an amount like "1.080,50". Running it
again proposes nothing twice: a proposal's key is made of name and content, and the answer is the action already there.
"""

import hashlib
import http.client
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

DID = {"approve": "approved", "modify": "modified", "reject": "rejected"}
STATES = (
    *("proposed", "pending", "approved", "modified", "rejected", "executing", "executed", "failed", "uncertain"),
    *("expired", "withdrawn"),
)
TEXTS = ("issuer", "date", "date_due", "currency", "iban", "bic", "desc")
NUMBERS = ("invoice_number", "account", "vat", "payment_reference")
AMOUNTS = ("amount", "amount_untaxed", "amount_tax", "price_unit", "price_subtotal", "qty")
_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
T = TypeVar("T", str, "list[Any]", "dict[str, Any]")


class Trouble(Exception):
    """Something that the reader of the output must know; the message is the whole of it."""


def decimal_text(text: str) -> str:
    """A number with all its digits as text: 1.080 stays 1.080 on every machine, and 1e2 becomes 100."""
    number = Decimal(text)
    if abs(number.adjusted()) > 30:
        raise ValueError(f"the number {text[:20]} is out of range")
    return format(number, "f")


def only_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which each name stands once; of two values, nobody knows which one is meant."""
    names = [name for name, _ in pairs]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"the field {twice[0]} appears twice")
    return dict(pairs)


def no_number(name: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(f"{name} is not a number")


def parsed(data: bytes) -> Any:
    """The value of a JSON text, floats as decimal text; says in words what is wrong with any other text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Trouble("it is not UTF-8 text") from error
    if not text.strip():
        raise Trouble("it is empty")
    if text.lstrip().startswith("<"):
        raise Trouble("it is HTML or XML")
    try:
        return json.loads(text, parse_float=decimal_text, parse_constant=no_number, object_pairs_hook=only_once)
    except json.JSONDecodeError as error:
        raise Trouble(fault_of(error)) from error
    except RecursionError as error:
        raise Trouble("it is nested too deeply") from error
    except ValueError as error:
        raise Trouble(str(error)) from error


def fault_of(error: json.JSONDecodeError) -> str:
    """Where a text stops being JSON, in words."""
    text = error.doc
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return "it is incomplete"
    if error.msg.startswith("Extra data"):
        return f"there is more text after the JSON, at line {error.lineno}"
    if not text[: error.pos].strip():
        return "it begins with text that is not JSON"
    return f"it has a fault at line {error.lineno}, column {error.colno}"


def read(path: Path) -> list[Any]:
    """What one file holds, as a list."""
    try:
        content = parsed(path.read_bytes())
    except OSError as error:
        raise Trouble(f"cannot be read: {error.strerror}") from error
    except Trouble as trouble:
        raise Trouble(f"cannot be read as JSON: {trouble}") from trouble
    items = content if isinstance(content, list) else [content]
    if not items:
        raise Trouble("holds no invoice")
    return items


def understood(item: Any) -> dict[str, Any]:
    """The item, if it is an invoice as this agent knows them; what it does not understand, it does not propose."""
    if not isinstance(item, dict):
        raise Trouble("holds something that is not an invoice; an object is expected")
    if "issuer" not in item or not item.keys() & {"invoice_number", "amount"}:
        raise Trouble("holds something that is not an invoice; issuer, and invoice_number or amount, are expected")
    lines = item.get("lines", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Trouble("lines is not a list of objects")
    for fields in (item, *lines):
        check(fields)
    return item


def check(fields: dict[str, Any]) -> None:
    """Whether each field that this agent knows has a value of its kind; all others are sent as they are."""
    for name, value in fields.items():
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if name in AMOUNTS and not (is_whole or isinstance(value, str)):
            raise Trouble(f"{name} is not a number")
        if name in AMOUNTS and not _PLAIN.fullmatch(str(value)):
            raise Trouble(f"{name} is {shown(value)}, which is not a plain number such as 1234.50")
        if name in TEXTS and not isinstance(value, str):
            raise Trouble(f"{name} is {shown(value)}, which is not a text")
        if name in NUMBERS and not (is_whole or isinstance(value, str)):
            raise Trouble(f"{name} is {shown(value)}, which is neither a text nor a whole number")


def shown(value: Any) -> str:
    """The beginning of a value, as JSON."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"


def key_of(*content: Any) -> str:
    """The same file and content always give the same key, so that nothing is proposed twice."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return "invoice-" + hashlib.sha256(text.encode()).hexdigest()[:40]


def upload(paper: Path) -> str:
    """The ID of the PDF of an invoice, which people see beside the fields; empty where there is none."""
    if not paper.is_file():
        return ""
    content, line = paper.read_bytes(), os.urandom(16).hex().encode()
    head = b'Content-Disposition: form-data; name="file"; filename="invoice.pdf"'
    body = b"--%b\r\n%b\r\n\r\n%b\r\n--%b--\r\n" % (line, head, content, line)
    kind = {"Content-Type": "multipart/form-data; boundary=" + line.decode()}
    return of(call("POST", "/attachments/", body, kind, form=lambda answer: answer), "id", str)


def action_of(answer: Any) -> dict[str, Any]:
    """The answer, if it is an action."""
    found = answer if isinstance(answer, dict) else {}
    if not _ID.fullmatch(of(found, "id", str)) or of(found, "state", str) not in STATES:
        raise Trouble("it is not an action")
    return found


def call(
    method: str, path: str, body: Any = None, more: dict[str, str] | None = None, form: Callable[[Any], Any] = action_of
) -> dict[str, Any]:
    """One call that answers with an action; what the server refuses is raised in its own words."""
    url, data = os.environ["HITL_URL"], body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": "Bearer " + os.environ["HITL_KEY"], "Content-Type": "application/json", **(more or {})}
    request = urllib.request.Request(url.rstrip("/") + "/api/v1" + path, data=data, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=patience() + 30) as response:
            answered = response.read()
    except urllib.error.HTTPError as error:
        raise Trouble("refused: " + words_of(error)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Trouble(f"{url} does not answer: {getattr(error, 'reason', error)}") from error
    try:
        return form(parsed(answered))
    except Trouble as trouble:
        # What was sent may have been taken: the key of the proposal finds it again.
        raise Trouble(f"the answer of {url} cannot be understood: {trouble}. Run the agent again.") from trouble


def of(value: Any, name: str, kind: type[T]) -> T:
    """A member of an object, or an empty one where there is none of this kind."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, kind) else kind()


def words_of(error: urllib.error.HTTPError) -> str:
    """What a problem document (RFC 9457) says, with each fault that it lists."""
    status = f"status {error.code}"
    try:
        problem = parsed(error.read())
    except (OSError, http.client.HTTPException, Trouble):
        return status
    told = of(problem, "faults", list)
    faults = [f"{of(fault, 'pointer', str) or '/'}: {of(fault, 'message', str)}" for fault in told]
    return "; ".join([of(problem, "detail", str) or of(problem, "title", str) or status, *faults])


def propose(path: Path, number: int, invoice: dict[str, Any]) -> dict[str, Any]:
    """Propose one invoice, and wait until it is routed and, if nobody needs to look, carried out."""
    name, paper = path.name, upload(path.with_suffix(".pdf"))
    printed = [each for each in ("invoice_number", "date", "amount", "iban") if each in invoice and paper]
    places = [{"label": each, "field": f"/{each}", "attachment": paper, "page": 1} for each in printed]
    body = {
        "action_type": "invoice.post",
        "payload": invoice,
        "instruction": "Post the invoices of this folder.",
        "reasoning": "Read by an invoice reader; every value is as it stands in its output.",
        "evidence": [{"label": "source file", "value": name}, *places],
        "attachments": [paper] if paper else [],
    }
    action = call("POST", "/actions/", body, {"Idempotency-Key": key_of(name, number, invoice, *filter(None, [paper]))})
    action = wait(action, "routed", ("proposed",))
    return wait(action, "final", ("approved", "modified", "executing"))


def wait(action: dict[str, Any], until: str, while_in: tuple[str, ...]) -> dict[str, Any]:
    """Ask until the action has left these states, or patience is over; the server holds each call meanwhile."""
    over = time.monotonic() + patience()
    while action["state"] in while_in and (left := over - time.monotonic()) > 0:
        now = call("GET", f"/actions/{action['id']}/?wait={max(1, int(left))}&until={until}")
        if now["id"] != action["id"]:
            raise Trouble(f"the answer is about another action, {now['id']}")
        action = now
        # A server that is asked by many answers at once instead of holding the call.
        time.sleep(0.2 if action["state"] in while_in else 0)
    return action


def patience() -> int:
    """How many seconds to wait for an answer."""
    return int(os.environ.get("HITL_WAIT") or "20")


def why(action: dict[str, Any]) -> str:
    """Why it reached this state: who decided or what went wrong, then what is missing or odd, then the rules."""
    return " ".join(dict.fromkeys([*became(action), *found(action), *ruled(action)])) or "no reason was given."


def became(action: dict[str, Any]) -> list[str]:
    """What a person decided and what went wrong on the way, if anything did."""
    decision, error = of(action, "decision", dict), of(of(action, "execution", dict), "error", str)
    said = [error] if error else []
    if of(decision, "source", str) == "person":
        verdict = of(decision, "verdict", str)
        who, reason = of(decision, "by", str), of(decision, "rationale", str)
        said.append(f"{DID.get(verdict, verdict)} by {who}. {reason}".strip())
    return said


def found(action: dict[str, Any]) -> list[str]:
    """What is missing and what looks odd, value by value."""
    missing = [name for name in of(action, "missing", list) if isinstance(name, str)]
    odd = [f"{of(flag, 'sentence', str)} {other(flag)}".strip() for flag in of(action, "flags", list)]
    return [f"missing {', '.join(missing)}."] * bool(missing) + [sentence for sentence in odd if sentence]


def other(flag: Any) -> str:
    """Which other action an anomaly names, such as a duplicate; nothing where it names none."""
    action = of(flag, "other", dict)
    money = " ".join(of(of(action, "amount", dict), name, str) for name in ("currency", "amount")).strip()
    told = [of(action, "id", str), of(action, "state", str), money, of(action, "created_at", str)[:10]]
    return f"See action {', '.join(filter(None, told))}." if told[0] else ""


def ruled(action: dict[str, Any]) -> list[str]:
    """The rules that held it up; where nothing did, those that let it run."""
    evaluation = of(action, "evaluation", dict)
    is_held = of(evaluation, "outcome", str) != "auto"
    reasons = [each for each in of(evaluation, "reasons", list) if (of(each, "outcome", str) != "auto") == is_held]
    # What is missing or odd was said value by value.
    told = [of(each, "text", str) for each in reasons if of(each, "rule", str) not in ("missing_data", "exceptions")]
    return [text for text in told if text]


def work(path: Path) -> bool:
    """Propose what one file holds and print a line for each invoice; whether all of them were taken."""
    try:
        items = read(path)
    except Trouble as trouble:
        say(f"{path.name}: unreadable: {trouble}")
        return False
    taken = [take(path, number, item, len(items)) for number, item in enumerate(items, start=1)]
    return all(taken)


def take(path: Path, number: int, item: Any, count: int) -> bool:
    """Propose one item of a file and print its line; whether it was taken."""
    label = path.name if count == 1 else f"{path.name} ({number})"
    try:
        invoice = understood(item)
    except Trouble as trouble:
        say(f"{label}: unreadable: {trouble}")
        return False
    try:
        action = propose(path, number, invoice)
    except (Trouble, RecursionError) as trouble:
        say(f"{label}: {trouble}")
        return False
    say(f"{label}: {action['state']}: {why(action)}")
    return True


def say(text: str) -> None:
    """Print one line, whatever characters are in it and whatever the terminal knows."""
    line = "".join(each if each.isprintable() else " " if each.isspace() else ascii(each)[1:-1] for each in text)
    code = sys.stdout.encoding or "utf-8"
    print(line.encode(code, "backslashreplace").decode(code), flush=True)


def unusable() -> str:
    """What is wrong with the environment; empty if nothing is."""
    unset = [name for name in ("HITL_URL", "HITL_KEY") if not os.environ.get(name)]
    if unset:
        return f"Set {' and '.join(unset)}; `make run` prints both."
    if not re.match(r"https?://[^\s/]", os.environ["HITL_URL"]):
        return "HITL_URL is not a web address. Set it to one such as http://127.0.0.1:8000."
    if not re.fullmatch(r"[!-~]+", os.environ["HITL_KEY"]):
        return "HITL_KEY is not a key. Copy it again; `make run` prints it."
    if not re.fullmatch(r"[0-9]{1,4}", os.environ.get("HITL_WAIT") or "20", re.ASCII):
        return "HITL_WAIT is not a whole number of seconds."
    return ""


def main(arguments: Sequence[str]) -> int:
    """Work through a folder; 0 when every invoice was taken, 1 when one was not, 2 when nothing could be started."""
    fault = unusable() if len(arguments) == 1 else "Usage: HITL_URL=... HITL_KEY=... invoice_agent.py FOLDER"
    files = [] if fault else sorted(Path(arguments[0]).glob("*.json"))
    if not files:
        print(fault or f"There is no .json file in {arguments[0]}.", file=sys.stderr)
        return 2
    taken = [work(path) for path in files]
    return 0 if all(taken) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
