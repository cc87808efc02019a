"""What tests start from is made in one place: in a conftest, or in a module that the tests import."""

import ast
from collections import defaultdict
from collections.abc import Iterable

from tests.architecture.source import Function, Module, decorators, modules, written

# How many files may hold the same body, of a fixture or of any other helper, before it has to be in one place.
COPIES_MAX = 2


def is_fixture(node: ast.AST) -> bool:
    return isinstance(node, Function) and "fixture" in decorators(node)


def fixtures(module: Module) -> list[Function]:
    return [node for node in ast.walk(module.tree) if isinstance(node, Function) and is_fixture(node)]


def folder(module: Module) -> str:
    return module.path.rpartition("/")[0]


def shared_with(module: Module, conftests: Iterable[Module]) -> set[str]:
    """The names of the fixtures that the conftests of its folder and of those around it give a file."""
    around = [each for each in conftests if each is not module and f"{folder(module)}/".startswith(f"{folder(each)}/")]
    return {fixture.name for each in around for fixture in fixtures(each)}


def replaced(files: Iterable[Module]) -> list[str]:
    """Fixtures that stand in for a shared one of the same name instead of adding to it."""
    files = list(files)
    conftests = [module for module in files if module.path.endswith("/conftest.py")]
    fault = "{} is a fixture of a conftest. Take it as an argument and add to it, or give this one another name."
    return [
        module.at(fixture, fault.format(fixture.name))
        for module in files
        for fixture in fixtures(module)
        if fixture.name in shared_with(module, conftests)
        and fixture.name not in {argument.arg for argument in fixture.args.args}
    ]


def body(node: Function) -> str:
    """What a function does, whatever it is called and whatever its docstring says."""
    said = ast.get_docstring(node) is not None
    return "\n".join(ast.unparse(each) for each in [node.args, *node.body[said:]])


def copied(files: Iterable[Module]) -> list[str]:
    """Fixtures and helpers that too many files have a copy of."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for module in files:
        for node in module.tree.body:
            if isinstance(node, Function) and not node.name.startswith("test_"):
                found[body(node)][module.path] = node.name
    return [
        f"{name} is copied in {', '.join(places)}: make it in one place."
        for places in found.values()
        for name in [next(iter(places.values()))]
        if len(places) > COPIES_MAX
    ]


def planted(text: str, path: str) -> Module:
    return written(f"import pytest\n\n@pytest.fixture\n{text}\n", f"tests/{path}")


class TestTestSetUp:
    def test_adds_to_what_is_shared_and_never_replaces_it(self) -> None:
        assert replaced(modules("tests")) == []

    def test_is_in_one_place(self) -> None:
        assert copied(modules("tests")) == []


class TestAPlantedFault:
    def test_is_found_where_a_shared_fixture_is_replaced(self) -> None:
        shared = planted("def here(): return make()", "conftest.py")
        near = planted("def desk(): return 1", "admin/conftest.py")
        assert replaced([shared, near, planted("def here(): return make()", "admin/test_x.py")])
        assert replaced([shared, near, planted("def here(): return make()", "admin/conftest.py")])
        assert replaced([shared, near, planted("def desk(here): return 2", "admin/inbox/test_x.py")])

    def test_is_not_seen_where_it_is_added_to_or_lies_elsewhere(self) -> None:
        shared = planted("def here(): return make()", "conftest.py")
        near = planted("def desk(): return 1", "admin/conftest.py")
        assert replaced([shared, near, planted("def here(here): return here", "admin/test_x.py")]) == []
        assert replaced([shared, near, planted("def desk(): return 2", "administration/test_x.py")]) == []

    def test_is_found_in_the_third_copy_by_whatever_name(self) -> None:
        files = [planted(f"def {name}(here): return here.pending()", f"test_{name}.py") for name in ("a", "b", "c")]
        assert copied(files[:2]) == []
        assert copied(files) == [
            "a is copied in tests/test_a.py, tests/test_b.py, tests/test_c.py: make it in one place."
        ]

    def test_is_not_seen_where_the_arguments_differ(self) -> None:
        files = [planted(f"def given({name}): return here.pending()", f"test_{name}.py") for name in ("a", "b", "c")]
        assert copied(files) == []
