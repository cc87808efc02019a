#!/usr/bin/env python3
"""An agent to copy: proposes each invoice of a folder, waits for the answer, and says what became of it.

    HITL_URL=http://127.0.0.1:8000 HITL_KEY=hitl_test_... python3 invoice_agent.py FOLDER

It reads the JSON that invoice readers write (a list of invoices, or one), needs Python's standard library only, and
prints one line per invoice: its file, the state it reached, and why. An invoice that waits for a person is not waited
for: the agent goes on with the next one. Running it again proposes nothing twice: the key of a proposal is made of the
file's name and content, and the product answers with the action that is already there, as it now stands.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path
from typing import Any

WAIT_SECONDS = int(os.environ.get("HITL_WAIT", "20"))
DID = {"approve": "approved", "modify": "modified", "reject": "rejected"}


class Trouble(Exception):
    """Something that the reader of the output must know; the message is the whole of it."""


def decimal_text(text: str) -> str:
    """A number with all its digits as text: 1.080 stays 1.080 on every machine, and 1e2 becomes 100."""
    return format(Decimal(text), "f")


def read(path: Path) -> list[dict[str, Any]]:
    """The invoices of one file, floats as decimal text."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_float=decimal_text)
    except (OSError, ValueError) as error:
        raise Trouble(f"cannot be read as JSON: {error}") from error
    invoices = content if isinstance(content, list) else [content]
    if not all(isinstance(invoice, dict) for invoice in invoices):
        raise Trouble("holds something that is not an invoice; a list of objects is expected")
    return invoices


def key_of(name: str, number: int, invoice: dict[str, Any]) -> str:
    """The same file and content always give the same key, so that nothing is proposed twice."""
    content = json.dumps([name, number, invoice], sort_keys=True, ensure_ascii=True)
    return "invoice-" + hashlib.sha256(content.encode()).hexdigest()[:40]


def call(method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """One call of the REST interface; what it refuses is raised in its own words."""
    request = urllib.request.Request(
        os.environ["HITL_URL"].rstrip("/") + "/api/v1" + path,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={
            "Authorization": "Bearer " + os.environ["HITL_KEY"],
            "Content-Type": "application/json",
            **(headers or {}),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=WAIT_SECONDS + 30) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise Trouble("refused: " + words_of(error)) from error
    except (OSError, ValueError) as error:
        raise Trouble(f"{os.environ['HITL_URL']} does not answer: {getattr(error, 'reason', error)}") from error


def words_of(error: urllib.error.HTTPError) -> str:
    """What a problem document (RFC 9457) says, with each fault that it lists."""
    try:
        problem = json.load(error)
    except ValueError:
        return f"status {error.code}"
    faults = problem.get("faults") or []
    found = [f"{fault.get('pointer') or '/'}: {fault.get('message')}" for fault in faults]
    return "; ".join([problem.get("detail") or problem.get("title") or f"status {error.code}", *found])


def propose(name: str, number: int, invoice: dict[str, Any]) -> dict[str, Any]:
    """Propose one invoice, and wait until it is routed and, if nobody needs to look, carried out."""
    body = {
        "action_type": "invoice.post",
        "payload": invoice,
        "instruction": "Post the invoices of this folder.",
        "reasoning": "Read by an invoice reader; every value is as it stands in its output.",
        "evidence": [{"label": "source file", "value": name}],
    }
    action = call("POST", "/actions/", body, {"Idempotency-Key": key_of(name, number, invoice)})
    action = wait(action, "routed", ("proposed",))
    return wait(action, "final", ("approved", "modified", "executing"))


def wait(action: dict[str, Any], until: str, while_in: tuple[str, ...]) -> dict[str, Any]:
    """Ask until the action has left these states, or patience is over; the server holds each call while it waits."""
    patience = time.monotonic() + WAIT_SECONDS
    while action["state"] in while_in and (left := patience - time.monotonic()) > 0:
        action = call("GET", f"/actions/{action['id']}/?wait={max(1, int(left))}&until={until}")
        # A server that is asked by many answers at once instead of holding the call.
        time.sleep(0.2 if action["state"] in while_in else 0)
    return action


def why(action: dict[str, Any]) -> str:
    """Why it reached this state: who decided or what went wrong, then what is missing or odd, then the rules."""
    return " ".join(dict.fromkeys([*became(action), *found(action), *ruled(action)])) or "no reason was given."


def became(action: dict[str, Any]) -> list[str]:
    """What a person decided and what went wrong on the way, if anything did."""
    decision, execution = action.get("decision") or {}, action.get("execution") or {}
    said = [execution["error"]] if execution.get("error") else []
    if decision.get("source") == "person":
        did = DID.get(decision["verdict"], decision["verdict"])
        said.append(f"{did} by {decision['by']}. {decision.get('rationale') or ''}".strip())
    return said


def found(action: dict[str, Any]) -> list[str]:
    """What is missing and what looks odd, value by value."""
    missing = [f"missing {', '.join(action['missing'])}."] if action.get("missing") else []
    return missing + [flag["sentence"] for flag in action.get("flags") or []]


def ruled(action: dict[str, Any]) -> list[str]:
    """The rules that held it up; where nothing did, those that let it run."""
    evaluation = action.get("evaluation") or {}
    is_held = evaluation.get("outcome") != "auto"
    reasons = [reason for reason in evaluation.get("reasons", []) if (reason["outcome"] != "auto") == is_held]
    # What is missing or odd was said value by value.
    return [reason["text"] for reason in reasons if reason["rule"] not in ("missing_data", "exceptions")]


def work(path: Path) -> bool:
    """Propose what one file holds and print a line for each invoice; whether all of them were taken."""
    try:
        invoices = read(path)
    except Trouble as trouble:
        print(f"{path.name}: unreadable: {trouble}")
        return False
    is_fine = True
    for number, invoice in enumerate(invoices, start=1):
        label = path.name if len(invoices) == 1 else f"{path.name} ({number})"
        try:
            action = propose(path.name, number, invoice)
            print(f"{label}: {action['state']}: {why(action)}", flush=True)
        except Trouble as trouble:
            is_fine = False
            print(f"{label}: {trouble}", flush=True)
    return is_fine


def main(arguments: list[str]) -> int:
    """Work through a folder; 0 when every invoice was taken, 1 when one was not, 2 when nothing could be started."""
    if len(arguments) != 1:
        print("Usage: HITL_URL=... HITL_KEY=... invoice_agent.py FOLDER", file=sys.stderr)
        return 2
    unset = [name for name in ("HITL_URL", "HITL_KEY") if not os.environ.get(name)]
    if unset:
        print(f"Set {' and '.join(unset)}; `make run` prints both.", file=sys.stderr)
        return 2
    files = sorted(Path(arguments[0]).glob("*.json"))
    if not files:
        print(f"There is no .json file in {arguments[0]}.", file=sys.stderr)
        return 2
    taken = [work(path) for path in files]
    return 0 if all(taken) else 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
