"""Every word of ours is there in every language that we ship, with its placeholders, and compiled as it is written."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from approvals import errors
from policies import errors as policy_errors
from policies.errors import Refused

ROOT = Path(__file__).parents[2]
FOLDERS = ("approvals", "policies", "hitl_project", "templates")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != "en"]
# What a refusal is given first is its message.
REFUSALS = {
    name
    for name, found in (vars(policy_errors) | vars(errors)).items()
    if isinstance(found, type) and issubclass(found, Refused)
}
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"} | REFUSALS
CALLS |= {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
CALL = re.compile(r"(?<![\w.])(_|n?p?gettext)\(")
# How gettext itself tells a word from the same word that means something else elsewhere.
CONTEXT = "\4"
# How a moment is written is the language's own.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*|%%|</?\w+[^>]*>")
# Machines read English.
UNTRANSLATED = ROOT / "approvals" / "api"


def in_python(text: str) -> Iterator[str]:
    """The messages of a module: the text that each call begins with, and the plural that may follow."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call, name in ((call, getattr(call.func, "id", "")) for call in calls):
        yield from _said(call, name) if name in CALLS else ()


def _said(call: ast.Call, name: str) -> list[str]:
    """The messages of one call, each behind its context where the call names one."""
    args = list(call.args)
    context = f"{_text(args.pop(0))}{CONTEXT}" if args and "pgettext" in name else ""
    return [f"{context}{_text(arg)}" for arg in args[: 2 if name.startswith("n") else 1] if _text(arg)]


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def in_template(text: str) -> Iterator[str]:
    """The messages of a template, as Django writes them for its own extraction."""
    written = templatize(text)
    for found in CALL.finditer(written):
        yield from _said(_call(written[found.start() :]), found[1])


def _call(text: str) -> ast.Call:
    """The call that a text begins with; what follows it is no Python."""
    for end in (found.end() for found in re.finditer(r"\)", text)):
        try:
            parsed = ast.parse(text[:end], mode="eval").body
        except SyntaxError:
            continue
        if isinstance(parsed, ast.Call):
            return parsed
    raise AssertionError(f"no call in {text[:60]!r}")


READERS = {".py": in_python, ".html": in_template, ".txt": in_template}


def used() -> set[str]:
    """Every message of ours."""
    found: set[str] = set()
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in READERS):
        if not path.is_relative_to(UNTRANSLATED):
            found.update(READERS[path.suffix](path.read_text(encoding="utf-8")))
    return found


def catalog(language: str) -> Catalog:
    with (_folder(language) / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def _folder(language: str) -> Path:
    return ROOT / "approvals" / "locale" / language / "LC_MESSAGES"


def forms(message: Message, part: Any) -> list[str]:
    return list(part) if isinstance(part, list | tuple) else [part]


def key(message: Message, text: str) -> str:
    return f"{message.context}{CONTEXT}{text}" if message.context else text


def too_soon(node: ast.AST) -> Iterator[int]:
    """The lines that translate while a module is loaded, when nobody reads yet and the language is the server's own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"gettext", "ngettext", "pgettext", "npgettext"}:
        yield node.lineno
    for inner in ast.iter_child_nodes(node):
        yield from too_soon(inner)


def unaliased(module: ast.Module) -> ast.Module:
    """The module with the name that it gives to gettext spelled out."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom)]
    names = {alias.asname: alias.name for node in imports for alias in node.names if alias.asname}
    for node in ast.walk(module):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return module


class TestAModule:
    def test_translates_nothing_while_it_is_loaded(self) -> None:
        modules = [path for folder in FOLDERS[:3] for path in (ROOT / folder).rglob("*.py")]
        read = {path: unaliased(ast.parse(path.read_text(encoding="utf-8"))) for path in modules}
        assert [(str(path), line) for path, module in read.items() for line in too_soon(module)] == []


class TestReading:
    def test_tells_the_same_word_in_two_places_apart(self) -> None:
        module = 'a = pgettext("stage", "Check")\nb = _("Check")\nc = npgettext_lazy("time", "%d h", "%d hs", 2)'
        assert [*in_python(module)] == ["stage\4Check", "Check", "time\4%d h", "time\4%d hs"]
        page = '{% load i18n %}{% translate "open" context "link" %}{% translate "open" %}'
        assert [*in_template(page)] == ["link\4open", "open"]


@pytest.mark.parametrize("language", LANGUAGES)
class TestALanguage:
    def test_has_every_word(self, language: str) -> None:
        known = {key(message, one) for message in catalog(language) for one in forms(message, message.id) if one}
        assert sorted(used() - known) == []

    def test_says_every_word(self, language: str) -> None:
        silent = [
            message.id
            for message in catalog(language)
            if message.id and (message.fuzzy or not all(forms(message, message.string)))
        ]
        assert silent == []

    def test_keeps_what_stands_for_values(self, language: str) -> None:
        wrong = []
        for message in (message for message in catalog(language) if message.id):
            wanted = {sign for one in forms(message, message.id) for sign in PLACEHOLDER.findall(one)}
            said = {sign for one in forms(message, message.string) for sign in PLACEHOLDER.findall(one)}
            if wanted != said:
                wrong.append((message.id, sorted(wanted ^ said)))
        assert wrong == []

    def test_is_compiled_as_it_is_written(self, language: str) -> None:
        with (_folder(language) / "django.mo").open("rb") as file:
            compiled = gettext.GNUTranslations(file)
        plain = (one for one in catalog(language) if isinstance(one.id, str) and one.id)
        # A catalog's own look-up takes a context and its message as one.
        written = {key(one, str(one.id)): one.string for one in plain}
        assert {said: there for said, there in written.items() if compiled.gettext(said) != there} == {}
