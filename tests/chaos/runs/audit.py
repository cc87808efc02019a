"""What is left after a run, compared with what agents, reviewers and the other side know; nothing is trusted."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from psycopg import Connection
from psycopg.rows import DictRow

from approvals.states import LEGAL
from tests.chaos.runs import clients, effects
from tests.chaos.runs.folder import Folder

Row = dict[str, Any]
Connected = Connection[DictRow]
FINAL = {"executed", "uncertain", "rejected"}
# What may be in doubt at the end: where the other side neither knows the key nor can be asked.
DOUBTFUL = {"neither", "mail"}
SENT = {"execution.dispatched", "execution.repeated"}
ACTIONS = """
    SELECT a.id::text, a.state, a.idempotency_key AS name, replace(t.name, 'chaos.', '') AS class, a.round,
        e.id::text AS execution, e.key, e.state AS execution_state, e.attempts, e.round AS execution_round
    FROM approvals_action a JOIN approvals_actiontype t ON t.id = a.action_type_id
    LEFT JOIN approvals_execution e ON e.action_id = a.id WHERE t.name LIKE 'chaos.%'
"""
ENTRIES = """
    SELECT e.id::text, e.action_id::text AS action, e.event, e.state_from, e.state_to, e.at, e.data, p.number
    FROM approvals_ledgerentry e LEFT JOIN approvals_ledgerposition p ON p.entry_id = e.id
    JOIN approvals_action a ON a.id = e.action_id JOIN approvals_actiontype t ON t.id = a.action_type_id
    WHERE t.name LIKE 'chaos.%' ORDER BY p.number
"""
DECISIONS = "SELECT action_id::text AS action, round, verdict, source, is_final FROM approvals_decision"
NUMBERS = """
    SELECT (SELECT count(*) FROM approvals_ledgerentry) AS entries, count(*) AS positions, max(number) AS highest,
        (SELECT count(*) FROM approvals_ledgeroutbox) AS waiting FROM approvals_ledgerposition
"""
HISTORIES = """
    SELECT h.id::text AS action, h.state FROM approvals_historicalaction h
    LEFT JOIN approvals_ledgerentry e ON e.history_id = h.history_id
    LEFT JOIN approvals_ledgerposition p ON p.entry_id = e.id ORDER BY p.number
"""
HALF = """
    SELECT 'an execution is ready or running' AS what, count(*) FROM approvals_execution
        WHERE state IN ('ready', 'running')
    UNION ALL SELECT 'an execution is leased', count(*) FROM approvals_execution
        WHERE leased_until IS NOT NULL AND state NOT IN ('ready', 'running')
    UNION ALL SELECT 'a stage is open on a decided action', count(*) FROM approvals_stage s
        JOIN approvals_action a ON a.id = s.action_id WHERE s.state IN ('open', 'waiting') AND a.state <> 'pending'
"""
MATCHING = {"executed": "succeeded", "failed": "failed", "uncertain": "uncertain", "executing": "running"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One question of the audit, what speaks against it, and how much was looked at."""

    question: str
    faults: list[str]
    looked_at: int


class Evidence:
    """Everything that is known, read once."""

    def __init__(self, folder: Folder, database: Connected) -> None:
        self.actions: list[Row] = database.execute(ACTIONS).fetchall()
        self.entries: dict[str, list[Row]] = defaultdict(list)
        for row in database.execute(ENTRIES).fetchall():
            self.entries[row["action"]].append(row | {"data": json.loads(row["data"])})
        self.decisions: dict[str, list[Row]] = defaultdict(list)
        for row in database.execute(DECISIONS).fetchall():
            self.decisions[row["action"]].append(row)
        self.histories: dict[str, list[str]] = defaultdict(list)
        for row in database.execute(HISTORIES).fetchall():
            self.histories[row["action"]].append(row["state"])
        self.numbers = database.execute(NUMBERS).fetchone() or {}
        self.half: list[Row] = database.execute(HALF).fetchall()
        self.requests: dict[str, list[Row]] = defaultdict(list)
        for line in folder.lines(effects.LOG):
            self.requests[line["key"]].append(line)
        self.proposed, self.decided = folder.lines(clients.PROPOSED), folder.lines(clients.DECIDED)
        self.hosts, self.wanted = folder.run.sizes["hosts"], folder.run.sizes["actions"]

    def requests_of(self, action: Row) -> list[Row]:
        """What reached the other side under the key of an action's execution; a mail carries a part of it."""
        key = action["key"] or ""
        return self.requests.get(key[:40] if action["class"] == "mail" else key, [])

    def effects_of(self, action: Row) -> int:
        """How often it happened."""
        return sum(line["effect"] for line in self.requests_of(action))


def examine(folder: Folder, database: Connected) -> list[Finding]:
    """Ask everything."""
    found = Evidence(folder, database)
    return [
        Finding(ask.__doc__.partition("\n")[0] if ask.__doc__ else "", list(ask(found)), len(found.actions))
        for ask in QUESTIONS
    ]


def counts(folder: Folder, database: Connected) -> Counter[str]:
    """How many actions of each class came to which state."""
    return Counter(f"{row['class']} {row['state']}" for row in Evidence(folder, database).actions)


def none_is_lost(found: Evidence) -> Iterator[str]:
    """Nothing is lost: each proposal is one action that came to an end."""
    names = Counter(row["name"] for row in found.actions)
    yield from (f"{name} is there {count} times" for name, count in names.items() if count > 1)
    if len(names) != found.wanted:
        yield f"{found.wanted} were proposed, {len(names)} are there"
    ids = {row["id"] for row in found.actions}
    yield from (f"{line['id']} was confirmed and is not there" for line in found.proposed if line["id"] not in ids)
    yield from (f"{row['name']} is still {row['state']}" for row in found.actions if row["state"] not in FINAL)


def none_happens_twice(found: Evidence) -> Iterator[str]:
    """Nothing happens twice, and nothing that nobody approved."""
    known = set()
    by_action: Counter[str] = Counter()
    for row in found.actions:
        known |= {row["key"], (row["key"] or "")[:40]}
        by_action[row["name"]] += found.effects_of(row)
    yield from (f"{name} happened {count} times" for name, count in by_action.items() if count > 1)
    yield from (f"nobody knows the key {key}" for key in found.requests if key not in known)
    for row in found.actions:
        if row["state"] == "rejected" and found.effects_of(row):
            yield f"{row['name']} was rejected and happened"


def each_is_told_as_it_was(found: Evidence) -> Iterator[str]:
    """What is recorded as executed happened once, and doubt is only where nobody can know."""
    for row in found.actions:
        happened = found.effects_of(row)
        if row["state"] == "executed" and happened != 1:
            yield f"{row['name']} ({row['class']}) is executed and happened {happened} times"
        allowed = DOUBTFUL | ({"askable"} if found.hosts > 1 else set())
        if row["state"] == "uncertain" and row["class"] not in allowed:
            yield f"{row['name']} ({row['class']}) is in doubt and happened {happened} times"


def each_decision_stands(found: Evidence) -> Iterator[str]:
    """Each decision that a reviewer was told of stands, and each action has one final decision."""
    for line in found.decided:
        verdicts = {row["verdict"] for row in found.decisions[line["id"]] if row["source"] == "person"}
        if line["verb"] not in verdicts:
            yield f"{line['id']}: {line['verb']} was confirmed, and there is {verdicts or 'nothing'}"
    for row in found.actions:
        final = [each for each in found.decisions[row["id"]] if each["is_final"] and each["round"] == row["round"]]
        if len(final) != 1:
            yield f"{row['name']} has {len(final)} final decisions"


def each_step_was_legal(found: Evidence) -> Iterator[str]:
    """The ledger tells one legal way from the proposal to the end, and the history tells the same."""
    for row in found.actions:
        moves = [each for each in found.entries[row["id"]] if each["state_to"]]
        before = ""
        for move in moves:
            is_first = not before and not move["state_from"] and move["state_to"] == "proposed"
            if not is_first and (move["state_from"] != before or move["state_to"] not in LEGAL.get(before, set())):
                yield f"{row['name']}: {move['event']} from {move['state_from']} to {move['state_to']} after {before}"
            before = move["state_to"]
        if before != row["state"]:
            yield f"{row['name']}: the ledger ends with {before}, the action is {row['state']}"
        told = [state for state, _ in groupby(found.histories[row["id"]])]
        if told != [move["state_to"] for move in moves]:
            yield f"{row['name']}: the history tells {told}"


def each_request_was_announced(found: Evidence) -> Iterator[str]:
    """The ledger tells what reached the other side: each request was recorded before, under its attempt."""
    for row in found.actions:
        entries = found.entries[row["id"]]
        sent = [each["data"].get("attempt") for each in entries if each["event"] in SENT]
        if sent != list(range(1, len(sent) + 1)) or len(sent) != (row["attempts"] or 0):
            yield f"{row['name']}: attempts {sent}, and the execution counts {row['attempts']}"
        arrived = [line["attempt"] for line in found.requests_of(row)]
        if row["class"] == "mail":
            arrived = list(range(1, len(arrived) + 1))
        if len(set(arrived)) < len(arrived) or not set(arrived) <= set(sent):
            yield f"{row['name']}: attempts {sent} were recorded, and {arrived} arrived"


def none_is_half_done(found: Evidence) -> Iterator[str]:
    """No half state: executions, stages and positions fit the actions."""
    yield from (f"{row['count']} times {row['what']}" for row in found.half if row["count"])
    for row in found.actions:
        wanted = MATCHING.get(row["state"])
        if wanted and row["execution_round"] == row["round"] and row["execution_state"] != wanted:
            yield f"{row['name']} is {row['state']}, its execution {row['execution_state']}"
    numbers = found.numbers
    if not numbers["entries"] == numbers["positions"] == numbers["highest"] or numbers["waiting"]:
        yield f"the positions are not dense: {numbers}"


QUESTIONS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    none_happens_twice,
    none_is_lost,
    each_is_told_as_it_was,
    each_decision_stands,
    each_step_was_legal,
    each_request_was_announced,
    none_is_half_done,
)
