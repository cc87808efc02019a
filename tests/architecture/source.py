"""The product's source, read once as syntax trees, and the walks over them that the checks share."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("hitl_project", "approvals", "policies")
EVERYTHING = (*PRODUCT, "benchmarks", "tests", "docs", "deploy", "clients")

Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as a syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())

    @property
    def is_test(self) -> bool:
        """Whether the file belongs to the tests."""
        return self.path.startswith("tests/") or (self.path.startswith("clients/") and "/tests/" in self.path)

    @property
    def is_migration(self) -> bool:
        """Whether the file is a migration, which a tool writes."""
        return "/migrations/" in self.path

    def at(self, node: ast.AST, fault: str) -> str:
        """A finding, as `path:line: what is wrong`."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {fault}"


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file of these top-level folders, and manage.py with the product."""
    paths = [path for folder in folders or PRODUCT for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(Module(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def written(text: str, path: str = "approvals/services/planted.py") -> Module:
    """A file that exists only in a test, to plant a fault in."""
    return Module(path, text)


def functions(module: Module) -> Iterator[Function]:
    """Every function and method of a file, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def public_functions(module: Module) -> Iterator[Function]:
    """The top-level functions whose name does not start with an underscore."""
    return (node for node in module.tree.body if isinstance(node, Function) and not node.name.startswith("_"))


def decorators(node: Function) -> list[str]:
    """The names of a function's decorators, without arguments and modules."""
    return [
        last_name(decorator.func if isinstance(decorator, ast.Call) else decorator) for decorator in node.decorator_list
    ]


def last_name(node: ast.AST) -> str:
    """The last part of a dotted name: `atomic` of `transaction.atomic`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.AST) -> str:
    """A dotted name in full, calls in between left out: `Action.objects.filter.update`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call below a node."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def length(node: Function) -> int:
    """A function's lines, from `def` to its last, docstring included."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def depth(node: ast.AST, level: int = 0) -> int:
    """How deep blocks are nested in a function; an `elif` is no deeper than its `if`."""
    deepest = level
    for child in ast.iter_child_nodes(node):
        is_elif = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        is_block = isinstance(child, BLOCKS) and not is_elif
        deepest = max(deepest, depth(child, level + is_block))
    return deepest
