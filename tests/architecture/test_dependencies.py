"""Every package that the product declares is one that it uses."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata

import pytest

from tests.architecture.source import ROOT, modules

# What a package that we use loads on its own, and which one that is.
LOADED_BY = {
    "psycopg": "django, for a PostgreSQL in DATABASE_URL",
    "redis": "celery, for a broker in REDIS_URL",
    **dict.fromkeys(
        ["fqdn", "idna", "isoduration", "jsonpointer", "rfc3339-validator", "rfc3986-validator", "uri-template"],
        "jsonschema, for a format",
    ),
    "webcolors": "jsonschema, for a format",
}


def declared() -> list[str]:
    """The names of the packages in `dependencies` of pyproject.toml, in their canonical spelling."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = (re.match(r"[A-Za-z0-9._-]+", each) for each in project["dependencies"])
    return [_canonical(name[0]) for name in names if name]


@cache
def used() -> set[str]:
    """Every top-level module that the product imports, or names in a text as settings do."""
    nodes = [node for module in modules() for node in ast.walk(module.tree)]
    return {name.partition(".")[0] for node in nodes for name in _named(node)}


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules_of(package: str) -> set[str]:
    every = metadata.packages_distributions()
    return {module for module, owners in every.items() if package in map(_canonical, owners)}


@pytest.mark.parametrize("package", sorted(set(declared()) - LOADED_BY.keys()))
def test_a_declared_package_is_imported_or_named(package: str) -> None:
    assert _modules_of(package) & used(), f"Nothing uses {package}; remove it from pyproject.toml and run make lock."


def test_only_a_declared_package_is_excused() -> None:
    assert LOADED_BY.keys() <= set(declared())
