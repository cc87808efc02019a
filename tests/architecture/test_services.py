"""A service has one shape: keyword-only, with an actor and a moment; one durable transaction; it calls no other."""

import ast
from collections.abc import Iterable, Iterator

import pytest

from approvals import errors
from policies import errors as policy_errors
from policies.errors import Refused
from tests.architecture.source import (
    Function,
    Module,
    calls,
    decorators,
    dotted,
    functions,
    modules,
    public_functions,
    written,
)

SERVICES = "approvals/services/"
CONTRACT = "policies/db.py"
DOORS = tuple(f"approvals/{door}" for door in ("admin", "api", "tasks", "clock", "management", "demo"))
READERS = ("approvals/authority", "approvals/queries", "approvals/display", "approvals/templatetags")
WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
REFUSALS = {
    name
    for name, found in (vars(policy_errors) | vars(errors)).items()
    if isinstance(found, type) and issubclass(found, Refused)
}
# What a step may be decorated with besides nothing.
STEP_DECORATORS = {"contextmanager", "cache"}


def in_services(files: Iterable[Module]) -> Iterator[Module]:
    return (module for module in files if module.path.startswith(SERVICES) and module.path != CONTRACT)


def kind(function: Function) -> str:
    names = decorators(function)
    return "service" if "service" in names else "errand" if "errand" in names else "step"


def misshapen(files: Iterable[Module]) -> list[str]:
    return [
        module.at(function, f"{function.name} {fault}")
        for module in in_services(files)
        for function in public_functions(module)
        for fault in faults_of(function)
    ]


def faults_of(function: Function) -> Iterator[str]:
    arguments = function.args
    named = {argument.arg for argument in arguments.kwonlyargs}
    if kind(function) == "step":
        unknown = set(decorators(function)) - STEP_DECORATORS
        if unknown:
            yield f"is decorated with {sorted(unknown)}; a public function here is a @service, an @errand or a step."
        return
    if arguments.posonlyargs or arguments.args or arguments.vararg:
        yield "takes positional arguments; a service and an errand are keyword-only."
    if kind(function) == "service" and not {"actor", "at"} <= named:
        yield "lacks `actor` or `at`; who did it and when are never optional."
    defaults = dict(zip((argument.arg for argument in arguments.kwonlyargs), arguments.kw_defaults, strict=True))
    if any(defaults.get(name) is not None for name in ("actor", "at")):
        yield "has a default for `actor` or `at`; who did it and when are never optional."


def nested_services(files: Iterable[Module]) -> list[str]:
    """Services and steps that call a service; each is known by `function` and by `module.function`."""
    files = list(in_services(files))
    known = {
        name
        for module in files
        for function in public_functions(module)
        if kind(function) == "service"
        for name in (f"{module.path}:{function.name}", f"{module.path.rpartition('/')[2][:-3]}.{function.name}")
    }
    faults = []
    for module in files:
        for function in module.tree.body:
            if not isinstance(function, Function) or kind(function) == "errand":
                continue
            names = [dotted(call.func) for call in calls(function)]
            called = [name for name in names if name in known or f"{module.path}:{name}" in known]
            if called and not is_other_form(function, called):
                faults.append(module.at(function, f"{function.name} calls the service {called[0]}; call its steps."))
    return faults


def is_other_form(function: Function, called: list[str]) -> bool:
    """Whether an undecorated function is one service in another form, as `propose` is `propose_many` of one."""
    has_shape = {"actor", "at"} <= {argument.arg for argument in function.args.kwonlyargs}
    return kind(function) == "step" and has_shape and len(called) == 1


def durable_elsewhere(files: Iterable[Module]) -> list[str]:
    return [
        module.at(call, "opens a durable transaction; only @service does.")
        for module in files
        if module.path.startswith("approvals/") and module.path != CONTRACT
        for call in calls(module.tree)
        if dotted(call.func).endswith("atomic") and any(keyword.arg == "durable" for keyword in call.keywords)
    ]


def transactions_in_doors(files: Iterable[Module]) -> list[str]:
    return [
        module.at(node, "opens a transaction; a door makes one service call instead.")
        for module in files
        if module.path.startswith(DOORS)
        for node in ast.walk(module.tree)
        if dotted(node) in {"transaction.atomic", "transaction.on_commit"}
    ]


def writes_outside_services(files: Iterable[Module]) -> list[str]:
    return [
        module.at(call, f"{dotted(call.func)} changes the record; only a service does.")
        for module in files
        if module.path.startswith((*DOORS, *READERS))
        for call in calls(module.tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in WRITES
        and {"objects", "_default_manager"} & set(dotted(call.func).split("."))
    ]


def returned_refusals(files: Iterable[Module]) -> list[str]:
    """Functions of services that answer with a refusal instead of raising it; a question may answer why not."""
    return [
        module.at(function, f"{function.name} returns a refusal; raise it.")
        for module in in_services(files)
        for function in functions(module)
        if function.returns is not None and answers_with_refusal(kind(function), function.returns)
    ]


def answers_with_refusal(kind: str, returns: ast.expr) -> bool:
    """A step may say why not, or make a refusal for its caller to raise; it never gives a result or a refusal."""
    parts = {name for union in ast.walk(returns) if isinstance(union, ast.BinOp) for name in members(union)}
    names = {part.id for part in ast.walk(returns) if isinstance(part, ast.Name)}
    return bool(parts & REFUSALS and parts - REFUSALS) or (kind != "step" and bool(names & REFUSALS))


def members(union: ast.expr) -> Iterator[str]:
    """What a union such as `Decision | Refused | None` is of, without None."""
    if isinstance(union, ast.BinOp):
        yield from members(union.left)
        yield from members(union.right)
    elif not isinstance(union, ast.Constant):
        yield dotted(union).rpartition(".")[2]


GOOD = """
@service
def approve(*, actor, at, action): return is_met(action)
@errand
def send(*, execution): return approve(actor=1, at=2, action=3)
def is_met(stage): return True
"""


class TestEveryService:
    def test_is_keyword_only_with_an_actor_and_a_moment(self) -> None:
        assert misshapen(modules()) == []

    def test_calls_no_other_service(self) -> None:
        assert nested_services(modules()) == []

    def test_alone_opens_a_durable_transaction(self) -> None:
        assert durable_elsewhere(modules()) == []

    def test_raises_its_refusals(self) -> None:
        assert returned_refusals(modules()) == []


class TestEveryDoor:
    def test_leaves_transactions_to_services(self) -> None:
        assert transactions_in_doors(modules()) == []

    def test_leaves_writing_to_services(self) -> None:
        assert writes_outside_services(modules()) == []


class TestAPlantedFault:
    def test_is_not_seen_where_there_is_none(self) -> None:
        good = [written(GOOD)]
        found = [*misshapen(good), *nested_services(good), *durable_elsewhere(good), *transactions_in_doors(good)]
        assert found == []

    @pytest.mark.parametrize(
        "planted",
        [
            "@service\ndef approve(action, *, actor, at): pass",
            "@service\ndef approve(*, actor, action): pass",
            "@service\ndef approve(*, actor=None, at): pass",
            "@errand\ndef send(execution): pass",
            "@csrf_exempt\ndef approve(*, actor, at): pass",
        ],
    )
    def test_is_found_in_a_shape(self, planted: str) -> None:
        assert misshapen([written(planted)])

    @pytest.mark.parametrize("call", ["reject(actor=1, at=2)", "planted.reject(actor=1, at=2)"])
    @pytest.mark.parametrize(
        "caller", ["@service\ndef approve(*, actor, at): {}", "def is_met(stage): {}", "def _x(): {}"]
    )
    def test_is_found_in_a_service_that_calls_a_service(self, caller: str, call: str) -> None:
        planted = "@service\ndef reject(*, actor, at): pass\n" + caller.format(call)
        assert nested_services([written(planted)])

    @pytest.mark.parametrize(
        "planted",
        [
            "@service\ndef approve(*, actor, at) -> Decision | Refused: pass",
            "@service\ndef approve(*, actor, at) -> Refused | None: pass",
            "def check(request) -> Case | Refused: pass",
            "def _admit(prompt) -> Counted | TooManyAttempts: pass",
            "def takes(items) -> list[Result | Refused]: pass",
        ],
    )
    def test_is_found_in_a_refusal_that_is_returned(self, planted: str) -> None:
        assert returned_refusals([written(planted)])

    def test_is_not_seen_in_a_question(self) -> None:
        assert returned_refusals([written("def refusal_for(action) -> Halted | None: pass")]) == []

    def test_is_not_seen_in_a_service_in_another_form(self) -> None:
        planted = "@service\ndef approve(*, actor, at): pass\ndef approve_one(*, actor, at): {}"
        assert nested_services([written(planted.format("return approve(actor=actor, at=at)"))]) == []
        assert nested_services([written(planted.format("approve(actor=1, at=2); approve(actor=1, at=2)"))])

    def test_is_found_in_a_transaction_elsewhere(self) -> None:
        planted = "with transaction.atomic(durable=True): pass"
        assert durable_elsewhere([written(planted)])
        assert transactions_in_doors([written(planted, "approvals/api/views.py")])
        assert transactions_in_doors([written("@transaction.atomic\ndef f(): pass", "approvals/admin/pages.py")])

    @pytest.mark.parametrize("write", ["Action.objects.create()", "Action.objects.filter(pk=1).update(reason='')"])
    @pytest.mark.parametrize(
        "path", ["approvals/api/views.py", "approvals/tasks.py", "approvals/queries/inbox/waiting.py"]
    )
    def test_is_found_in_a_write_outside_a_service(self, write: str, path: str) -> None:
        assert writes_outside_services([written(write, path)])
        assert writes_outside_services([written(write)]) == []

    def test_is_found_wherever_a_service_hides(self) -> None:
        nested = "def outer():\n    @service\n    def inner(): pass"
        assert [kind(function) for function in functions(written(nested))] == ["step", "service"]
