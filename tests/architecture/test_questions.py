"""A question writes nothing: neither rows, nor the ledger, nor what policy counts. Locking rows is asking."""

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from tests.architecture.source import Function, Module, calls, dotted, functions, last_name, modules, written

# Files that only ask.
ASKING = (
    "approvals/authority/",
    "approvals/queries/",
    "policies/queries/",
    "approvals/services/automation/match.py",
    "approvals/services/execution/staleness.py",
    "approvals/services/plans/quorum.py",
    "approvals/services/policy/overrides.py",
)
# Functions that only ask, wherever a service keeps them: they are named like a question.
NAMED = re.compile(r"^_?(is|has|may|can)_|^(match_\w+|refusal_for|objection|covers)$")
SERVICES = ("approvals/services/", "policies/services/")
# Asks and records in one; it goes when what is ruled again before a decision is a step of its own.
STILL_WRITES = frozenset({"approvals/services/decisions/preconditions.py"})
WRITES = {
    "save", "create", "acreate", "bulk_create", "bulk_update", "delete", "get_or_create", "update_or_create",
}  # fmt: skip
STEPS = {"evaluation.record", "budgets.hold", "budgets.spend", "texts.keep_rationale"}


def questions(module: Module) -> Iterator[Function]:
    """The functions of a file that only ask, and those of the same file that they ask in turn."""
    if module.path in STILL_WRITES:
        return
    if module.path.startswith(ASKING):
        yield from functions(module)
        return
    if not module.path.startswith(SERVICES):
        return
    here = {node.name: node for node in module.tree.body if isinstance(node, Function)}
    todo = [node for name, node in here.items() if NAMED.match(name)]
    seen: set[str] = set()
    while todo:
        function = todo.pop()
        if function.name in seen:
            continue
        seen.add(function.name)
        yield function
        todo += [here[name] for call in calls(function) if (name := dotted(call.func)) in here]


def is_writing(call: ast.Call) -> bool:
    """Whether a call writes; an `update` of rows names fields, one of a dictionary mostly does not."""
    name, whole = last_name(call.func), dotted(call.func)
    if not isinstance(call.func, ast.Attribute):
        return False
    if name == "update":
        return bool(call.keywords) and not call.args
    is_ledger = whole.startswith("entries.") and whole != "entries.Event"
    return name in WRITES or is_ledger or whole in STEPS


def writing(files: Iterable[Module]) -> list[str]:
    found = {
        module.at(call, f"{function.name} asks, and {dotted(call.func)} writes; make that a step with a verb.")
        for module in files
        for function in questions(module)
        for call in calls(function)
        if is_writing(call)
    }
    return sorted(found)


class TestEveryQuestion:
    def test_writes_nothing(self) -> None:
        assert writing(modules()) == []

    def test_file_is_still_there(self) -> None:
        paths = {module.path for module in modules()}
        assert [name for name in ASKING if not any(path.startswith(name) for path in paths)] == []


class TestAPlantedFault:
    @pytest.mark.parametrize(
        "statement",
        [
            "rule.save()",
            "Action.objects.create(pk=1)",
            "Action.objects.filter(pk=1).update(reason='')",
            "rows.delete()",
            "entries.record_event(action, fact)",
            "evaluation.record(action)",
            "budgets.hold(action)",
        ],
    )
    @pytest.mark.parametrize(
        ("path", "question"),
        [
            ("approvals/authority/x.py", "def power(action): {}"),
            ("approvals/queries/inbox/x.py", "class A:\n    def rows(self): {}"),
            ("approvals/services/automation/match.py", "def _meets(rule): {}"),
            ("approvals/services/x.py", "def is_met(stage): {}"),
            ("approvals/services/x.py", "def refusal_for(case): return _stale(case)\ndef _stale(case): {}"),
        ],
    )
    def test_is_found(self, path: str, question: str, statement: str) -> None:
        assert writing([written(question.format(statement), path)])

    @pytest.mark.parametrize(
        "harmless",
        [
            "def is_met(found): found.update([1])",
            "def is_met(found): hashlib.sha256().update(b'')",
            "def is_met(rows): return rows.select_for_update().first()",
            "def close(stage): stage.save()",
            "def match_rules(a): return entries.Event(a)",
        ],
    )
    def test_is_not_seen_where_there_is_none(self, harmless: str) -> None:
        assert writing([written(harmless)]) == []
