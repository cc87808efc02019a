"""The glossary's names are those of the code, the tables and REST."""

import ast
import re
from functools import cache

from django.apps import apps

from tests.architecture import source
from tests.docs import pages
from tests.management.running import ROOT

OPENAPI = (ROOT / "tests" / "api" / "openapi.yaml").read_text(encoding="utf-8")


def column(place: int) -> set[str]:
    """The names in one column of all tables: 2 is the code, 3 REST, 4 the table."""
    rows = re.findall(r"^\|(.+)\|$", pages.text_of("glossary.md"), re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[place])}


@cache
def names() -> set[str]:
    """Every module, class, function and constant of the product, and every attribute behind its class."""
    found = {module.path.rpartition("/")[2].removesuffix(".py") for module in source.modules()}
    for node in (node for module in source.modules() for node in ast.walk(module.tree)):
        found |= _of(node)
    return found


def _of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.ClassDef):
        return {node.name} | {f"{node.name}.{name}" for inner in node.body for name in _of(inner)}
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return {target.id for target in targets if isinstance(target, ast.Name)}


class TestTheNames:
    def test_of_the_code_are_there(self) -> None:
        given = {name.removeprefix("@") for name in column(2) if not name.startswith("HITL_")}
        assert len(given) > 50
        assert sorted(given - names()) == []

    def test_of_tables_are_there(self) -> None:
        there = {model._meta.db_table for model in apps.get_models()}
        assert sorted(column(4) - there) == []

    def test_of_calls_and_fields_are_there(self) -> None:
        calls = {name for name in column(3) if name.endswith("/")}
        assert [name for name in calls if not re.search(rf"^  /api/v1/.*{name}:$", OPENAPI, re.MULTILINE)] == []
        fields = {name.rpartition(".")[2] for name in column(3) - calls if "-" not in name}
        assert [name for name in fields if not re.search(rf"^ +{name}:", OPENAPI, re.MULTILINE)] == []


class TestTheTerms:
    def test_are_each_defined_once_in_one_sentence(self) -> None:
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|.*\|$", pages.text_of("glossary.md"), re.MULTILINE)
        terms = {term: said for term, said in rows if term not in ("term", "---")}
        assert len(terms) > 50
        assert [term for term, said in terms.items() if not said.endswith(".")] == []
