"""Habits that this house does not have: each is a small check, and each was seen to find a planted fault."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

import pytest

from tests.architecture.source import (
    EVERYTHING,
    PRODUCT,
    ROOT,
    Function,
    Module,
    dotted,
    functions,
    last_name,
    modules,
    written,
)

DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "manager",
    "managers",
    "misc",
    "extras",
    "rules",
    "csp",
}
UNFINISHED = re.compile(r"\b(noqa|TODO|FIXME|XXX|HACK)\b")
SAFE_TEMPLATE = re.compile(
    r"\|\s*safe(seq)?\b|autoescape\s+off|\son[a-z]+\s*=|\sstyle\s*=|<script(?![^>]*\ssrc=)|<style\b"
)
# Where a test shows that the database refuses what this house never does, it has to try it.
SHOWS_THE_GUARD = re.compile(r"^tests/.*(trigger|guard)[a-z_]*\.py$")
DOCUMENTED_METHODS = ("approvals/services/", "approvals/connectors/", "approvals/channels/", "policies/services/")
TELLS_A_PAST = ("approvals/actors.py", "approvals/db.py")
REFUSING = ("approvals/services/", "approvals/connectors/", "policies/services/")

Check = Callable[[Module], Iterator[str]]


def faults(check: Check, files: Iterable[Module]) -> list[str]:
    return [fault for module in files for fault in check(module)]


def imports_inside_functions(module: Module) -> Iterator[str]:
    for function in functions(module):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield module.at(node, f"{function.name} imports inside a function; that hides a cycle or a cost.")


def signal_receivers(module: Module) -> Iterator[str]:
    from_signals = {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("signals", "dispatch"))
        for alias in node.names
    }
    for node in ast.walk(module.tree):
        parts = dotted(node).split(".") if isinstance(node, ast.Attribute) else []
        if parts[-1:] == ["connect"] and {parts[0], parts[-2]} & (from_signals | {"signals"}):
            yield module.at(node, "connects a signal; call the step where it belongs, in the open.")
        if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
            yield module.at(node, "imports signal machinery; call the step where it belongs, in the open.")


def states_set_past_the_lifecycle(module: Module) -> Iterator[str]:
    if SHOWS_THE_GUARD.match(module.path):
        return
    for node in ast.walk(module.tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
            yield module.at(node, "assigns a state; only a model's transition does.")
        if isinstance(node, ast.Call):
            yield from _states_in_call(module, node)


def _states_in_call(module: Module, call: ast.Call) -> Iterator[str]:
    name = last_name(call.func)
    if name in {"update", "create", "update_or_create"} and any(keyword.arg == "state" for keyword in call.keywords):
        yield module.at(call, f".{name}(state=...) walks past the lifecycle; call the service.")
    words = {node.value for node in ast.walk(call) if isinstance(node, ast.Constant)}
    if name in {"setattr", "bulk_update"} and "state" in words:
        yield module.at(call, f"{name} of a state walks past the lifecycle; call the service.")


def trusted_markup(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        names = {last_name(node)} | (
            {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
        )
        if names & {"mark_safe", "SafeString", "SafeText", "html_safe"}:
            yield module.at(node, "trusts markup; use a template or format_html, which escape.")


def unfinished(module: Module) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string):
            yield f"{module.path}:{token.start[0]}: is marked as unfinished or exempt; finish it."


def drawers(module: Module) -> Iterator[str]:
    for part in module.path.removesuffix(".py").split("/"):
        if part in DRAWERS or (part == "celery" and module.path != "hitl_project/celery.py"):
            yield f"{module.path}: `{part}` says nothing about what is inside, or hides a package's name."


def silent_rooms(module: Module) -> Iterator[str]:
    if not module.path.endswith("/__init__.py"):
        return
    sentence = ast.get_docstring(module.tree) or ""
    if not sentence.endswith(".") or "\n\n" in sentence or re.search(r"[.!?]\s+[A-Z]", sentence):
        yield f"{module.path}: holds no docstring of one sentence that says what the room is for."
    for node in module.tree.body[1:]:
        if (
            not isinstance(node, ast.Import | ast.ImportFrom)
            and dotted(getattr(node, "targets", [node])[0]) != "__all__"
        ):
            yield module.at(node, "a room's door holds its sentence and what it re-exports, nothing else.")


def undocumented(module: Module) -> Iterator[str]:
    if module.is_migration:
        return
    if not ast.get_docstring(module.tree):
        yield f"{module.path}: has no docstring that says what the file is for."
    for node in module.tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield from _undocumented_parts(module, node)


def _undocumented_parts(module: Module, node: Function | ast.ClassDef) -> Iterator[str]:
    if not ast.get_docstring(node) and not _is_said_otherwise(node):
        yield module.at(node, f"{node.name} is public and has no docstring.")
    if not isinstance(node, ast.ClassDef) or not module.path.startswith(DOCUMENTED_METHODS):
        return
    for method in node.body:
        if isinstance(method, Function) and not method.name.startswith("_") and not ast.get_docstring(method):
            yield module.at(method, f"{node.name}.{method.name} is public and has no docstring.")


def _is_said_otherwise(node: Function | ast.ClassDef) -> bool:
    """Whether the docstring is assigned, as that of a refusal is, so that translators get it."""
    assigned = [part for part in node.body if isinstance(part, ast.Assign)]
    return any(isinstance(target, ast.Name) and target.id == "__doc__" for part in assigned for target in part.targets)


def unannounced_refusals(module: Module) -> Iterator[str]:
    if not module.path.startswith(REFUSING):
        return
    for function in module.tree.body:
        if not isinstance(function, Function) or function.name.startswith("_"):
            continue
        if _refuses(function) and ":raises" not in (ast.get_docstring(function) or ""):
            yield module.at(function, f"{function.name} refuses and does not say so with :raises.")


def _refuses(node: ast.AST) -> bool:
    """Whether a function raises by itself; what a function inside it raises is that one's affair."""
    inside = [child for child in ast.iter_child_nodes(node) if not isinstance(child, Function)]
    return any((isinstance(child, ast.Raise) and child.exc is not None) or _refuses(child) for child in inside)


def pasts_told(module: Module) -> Iterator[str]:
    if module.path.startswith("approvals/demo/") or module.path in TELLS_A_PAST:
        return
    for node in ast.walk(module.tree):
        if dotted(node) == "Door.DEMO":
            yield module.at(node, "asks for the demo; `db.moment_for` alone knows that it tells a past.")


def locks_on_keys(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or last_name(node.func) != "select_for_update":
            continue
        if not any(keyword.arg == "no_key" for keyword in node.keywords):
            yield module.at(node, "locks a row's key, so whoever writes a row that points at it waits; say no_key.")


EVERYWHERE: tuple[Check, ...] = (
    imports_inside_functions,
    states_set_past_the_lifecycle,
    unfinished,
    drawers,
    silent_rooms,
)
IN_THE_PRODUCT: tuple[Check, ...] = (
    signal_receivers,
    trusted_markup,
    undocumented,
    unannounced_refusals,
    pasts_told,
    locks_on_keys,
)
PLANTED: tuple[tuple[Check, str, str], ...] = (
    (locks_on_keys, "approvals/x.py", "Action.objects.select_for_update(skip_locked=True)"),
    (imports_inside_functions, "approvals/x.py", "def f():\n    import json"),
    (imports_inside_functions, "tests/x.py", "class A:\n    def f(self):\n        from json import loads"),
    (signal_receivers, "approvals/x.py", "from django.dispatch import receiver"),
    (signal_receivers, "approvals/x.py", "from django.db.models.signals import post_save\npost_save.connect(f)"),
    (signal_receivers, "approvals/x.py", "from django.db.models import signals\nsignals.post_save.connect(f)"),
    (signal_receivers, "approvals/x.py", "from celery.signals import worker_init\n@worker_init.connect\ndef f(): pass"),
    (states_set_past_the_lifecycle, "approvals/services/x.py", "Action.objects.filter(pk=1).update(state='approved')"),
    (states_set_past_the_lifecycle, "approvals/services/x.py", "action.state = 'approved'"),
    (states_set_past_the_lifecycle, "approvals/models/x.py", "self.state = 'approved'"),
    (states_set_past_the_lifecycle, "tests/x.py", "action.state: str = 'approved'"),
    (states_set_past_the_lifecycle, "tests/x.py", "setattr(action, 'state', 'approved')"),
    (states_set_past_the_lifecycle, "tests/x.py", "Action.objects.bulk_update(rows, ['state'])"),
    (states_set_past_the_lifecycle, "tests/x.py", "Action.objects.create(state='approved')"),
    (trusted_markup, "approvals/x.py", "from django.utils.safestring import mark_safe"),
    (trusted_markup, "approvals/x.py", "safestring.mark_safe(payload)"),
    (unfinished, "approvals/x.py", "x = 1  # noqa: E501"),
    (unfinished, "approvals/x.py", "# TODO: think"),
    (drawers, "approvals/services/utils.py", ""),
    (drawers, "approvals/celery.py", ""),
    (silent_rooms, "approvals/api/__init__.py", ""),
    (silent_rooms, "approvals/api/__init__.py", '"""The door."""\nx = 1'),
    (silent_rooms, "approvals/api/__init__.py", '"""The door. It has two sentences."""'),
    (undocumented, "approvals/x.py", "x = 1"),
    (undocumented, "approvals/x.py", '"""A file."""\ndef f(): pass'),
    (undocumented, "approvals/services/x.py", '"""A file."""\nclass A:\n    """A class."""\n    def f(self): pass'),
    (unannounced_refusals, "approvals/services/x.py", 'def f():\n    """Do it."""\n    raise Refused'),
    (pasts_told, "approvals/services/x.py", "now = at if actor.door == Door.DEMO else db.now()"),
)
HARMLESS = '''"""A file."""

__all__ = ["f"]


def f(row):
    """Do it.

    :raises Refused: it is not allowed.
    """
    seen = {}
    seen.update(status="fine")
    rows = Action.objects.filter(state="pending")
    if not rows:
        raise Refused
'''


class TestNoFile:
    @pytest.mark.parametrize("check", EVERYWHERE)
    def test_has_the_habit(self, check: Check) -> None:
        assert faults(check, modules(*EVERYTHING)) == []

    @pytest.mark.parametrize("check", IN_THE_PRODUCT)
    def test_of_the_product_has_the_habit(self, check: Check) -> None:
        assert faults(check, modules()) == []

    def test_lies_in_a_folder_without_a_room(self) -> None:
        paths = {module.path for module in modules(*PRODUCT, "tests", "benchmarks")}
        folders = {path.rpartition("/")[0] for path in paths}
        assert sorted(folder for folder in folders if f"{folder}/__init__.py" not in paths) == []


class TestNoTemplate:
    def test_trusts_markup_or_breaks_the_content_policy(self) -> None:
        found = [
            f"{path.relative_to(ROOT)}: {match.group().strip()}"
            for folder in ("templates", "approvals", "policies")
            for path in sorted((ROOT / folder).rglob("*.html"))
            for match in SAFE_TEMPLATE.finditer(path.read_text(encoding="utf-8"))
        ]
        assert found == []

    @pytest.mark.parametrize(
        "planted",
        [
            "{{ a|safe }}",
            "{% autoescape off %}",
            '<a onclick="f()">',
            '<p style="color:red">',
            "<script>f()</script>",
            "<style>",
        ],
    )
    def test_with_a_planted_fault_passes(self, planted: str) -> None:
        assert SAFE_TEMPLATE.search(planted)
        assert not SAFE_TEMPLATE.search('<script src="/x.js" defer></script><p class="on">{{ a|escape }}</p>')


class TestAPlantedFault:
    @pytest.mark.parametrize(("check", "path", "text"), PLANTED)
    def test_is_found(self, check: Check, path: str, text: str) -> None:
        assert faults(check, [written(text, path)])

    @pytest.mark.parametrize("check", [*EVERYWHERE, *IN_THE_PRODUCT])
    def test_is_not_seen_where_there_is_none(self, check: Check) -> None:
        assert faults(check, [written(HARMLESS)]) == []

    def test_was_planted_for_every_check(self) -> None:
        assert {check for check, _, _ in PLANTED} == {*EVERYWHERE, *IN_THE_PRODUCT}

    def test_list_is_in_order(self) -> None:
        names = [check.__name__ for check, _, _ in PLANTED]
        assert len(set(names)) == 1 + sum(first != second for first, second in pairwise(names))
