"""Check the values in a condition against the schema of an action type: names, kinds, allowed values, guards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from policies.engine.conditions.tree import Call, Const, Expression, Has, ListOf, Loop, Other, Path, walk
from policies.engine.values import normal
from policies.engine.values.currencies import CODES
from policies.engine.values.said import Said, message, say
from policies.lab import shapes
from policies.lab.action_types import KINDS, TypeInfo
from policies.lab.operators import CALCULATE, EQUAL, GIVES, LISTED, LOGIC, NAMES, OF_TEXTS, ORDER, ORDERED, TAKES, WORDS
from policies.lab.shapes import LIST, NUMBER, OBJECT, TEXT, TIME, TRUTH, Kinds, Shape


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something wrong with a condition; an error makes it fail or mean nothing, and the rest is advice."""

    sentence: Said
    is_error: bool = True


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of an expression: its kinds and allowed values (None if any), and its shape."""

    kinds: Kinds | None = None
    shape: Shape | None = None
    words: frozenset[str] | None = None
    name: str = ""


@dataclass(slots=True)
class _Check:
    about: TypeInfo
    guarded: frozenset[Path] = frozenset()
    asked: frozenset[str] = frozenset()
    vocabulary: Mapping[str, frozenset[str]] = field(default_factory=dict)
    scope: dict[str, Value] = field(default_factory=dict)
    found: dict[Doubt, None] = field(default_factory=dict)

    def doubt(self, template: str, *, is_error: bool = True, **values: object) -> None:
        self.found[Doubt(say(template, values), is_error)] = None

    def value(self, tree: Expression) -> Value:
        if isinstance(tree, Const):
            return Value(frozenset({TEXT if isinstance(tree.value, bytes) else shapes.kind_of(tree.value)}))
        if isinstance(tree, Path):
            return self.path(tree)
        if isinstance(tree, Has):
            self.path(tree.path, is_test=True)
            return Value(frozenset({TRUTH}))
        if isinstance(tree, ListOf):
            return self.list_of(tree)
        if isinstance(tree, Loop):
            return self.loop(tree)
        return self.call(tree) if isinstance(tree, Call) else self.other(tree)

    def other(self, tree: Other) -> Value:
        for part in tree.parts:
            self.value(part)
        return Value()

    def list_of(self, tree: ListOf) -> Value:
        found = [self.value(item) for item in tree.items]
        kinds = [each.kinds for each in found if each.kinds is not None]
        inner = frozenset().union(*kinds) if kinds and len(kinds) == len(found) else None
        schema = {} if inner is None else {"items": {"type": [_JSON[kind] for kind in inner if kind in _JSON]}}
        return Value(frozenset({LIST}), shapes.of(schema))

    def path(self, path: Path, *, is_test: bool = False) -> Value:
        known = self.scope.get(path.root)
        shape = known.shape if known else self.about.shape(path.root)
        kinds = known.kinds if known else KINDS.get(path.root)
        if known and not path.keys:
            return Value(known.kinds, known.shape, known.words, path.name)
        if not path.keys and path.root in self.about.never_known and path.root not in self.asked:
            self.doubt("Actions of the type {kind} never have `{name}`.", kind=self.about.name, name=path.root)
        if path.root == "recent":
            return Value(frozenset({NUMBER}), name=path.name)
        for place, key in enumerate(path.keys):
            if shape is None:
                return Value(name=path.name)
            is_last = place == len(path.keys) - 1
            reached = Path(path.root, path.keys[: place + 1])
            shape = self.member(shape, key, reached, is_tested=is_test and is_last)
            kinds = shape.kinds if shape else None
        words = None if path.keys or known else self.allowed(path.root)
        return Value(kinds, shape, words, path.name)

    def allowed(self, root: str) -> frozenset[str] | None:
        own = {"domain": {self.about.domain}, "data_classes": self.about.data_classes}.get(root, frozenset())
        listed = self.vocabulary.get(root) or WORDS.get(root) or LISTED.get(root)
        return listed and listed | own

    def member(self, shape: Shape, key: str | int, reached: Path, *, is_tested: bool) -> Shape | None:
        before = Path(reached.root, reached.keys[:-1]).name
        needed = {LIST} if isinstance(key, int) else {OBJECT}
        if shape.kinds is not None and not shape.kinds & needed and shape.alternatives:
            kind = kinds_in_words(shape.kinds)
            self.doubt("`{name}` is {kind}, so it has no part `{part}`.", name=before, kind=kind, part=key)
            return None
        found = shape.member(key)
        if found is None and isinstance(key, str) and shape.names:
            self.unknown(shape, key, reached)
        elif found is None and isinstance(key, str) and shape.is_closed:
            self.doubt("The type {kind} has no `{name}`.", kind=self.about.name, name=reached.name)
        elif found is not None and found.is_optional and not is_tested and reached.root != "fetched":
            self.optional(reached)
        return found

    def optional(self, reached: Path) -> None:
        if reached not in self.guarded:
            template = message("`{name}` might be missing from actions of type “{kind}”. Check `has({name})` first.")
            self.doubt(template, is_error=False, name=reached.name, kind=self.about.name)

    def unknown(self, shape: Shape, key: str, reached: Path) -> None:
        near = shape.nearest(key)
        cure = say("Did you mean `{near}`?", near=near) if near else say("Use one of: {names}.", names=shape.names[:20])
        is_error = shape.is_closed or bool(near)
        self.doubt(
            "The type {kind} has no field `{name}`. {cure}",
            is_error=is_error,
            kind=self.about.name,
            name=reached.name,
            cure=cure,
        )

    def loop(self, tree: Loop) -> Value:
        over = self.value(tree.over)
        if over.kinds is not None and not over.kinds & {LIST, OBJECT}:
            self.doubt("`{name}` is {kind}, not a list.", name=over.name or tree.kind, kind=kinds_in_words(over.kinds))
        is_list = over.kinds is None or LIST in over.kinds
        inner = over.shape.items() if over.shape and is_list else None
        words = self.allowed(over.name) if over.name in LISTED else None
        before = self.scope.get(tree.variable)
        known = Value(frozenset({TEXT}), None, words) if words else Value(inner.kinds if inner else None, inner)
        self.scope[tree.variable] = known
        self.truth(self.value(tree.body), tree.kind)
        self.scope.pop(tree.variable)
        if before is not None:
            self.scope[tree.variable] = before
        return Value(frozenset({LIST}), over.shape) if tree.kind == "filter" else Value(frozenset({TRUTH}))

    def truth(self, value: Value, of: str) -> None:
        if value.kinds is not None and TRUTH not in value.kinds:
            self.doubt("`{of}` needs true or false, but `{name}` is {kind}.", of=of, name=value.name or "it",
                       kind=kinds_in_words(value.kinds))  # fmt: skip

    def call(self, tree: Call) -> Value:
        values = [self.value(operand) for operand in tree.operands]
        name = tree.function
        if name in ORDER or name in EQUAL:
            self.compared(tree, values)
        elif name == "@in":
            self.contained(tree, values)
        elif name in CALCULATE and len(values) == 2:
            self.calculated(name, values)
            return Value(frozenset({GIVES[name]}) if name in GIVES else values[0].kinds or values[1].kinds)
        elif name in TAKES:
            for value in values if name in LOGIC or name in OF_TEXTS else values[:1]:
                self.takes(name, value)
        elif name == "_?_:_":
            self.truth(values[0], "?")
            return Value(values[1].kinds if values[1].kinds == values[2].kinds else None)
        return Value(frozenset({GIVES[name]}) if name in GIVES else None)

    def takes(self, name: str, value: Value) -> None:
        if value.kinds is None or value.kinds <= TAKES[name]:
            return
        self.doubt(
            "`{sign}` needs {needed}, but `{name}` is {kind}.",
            is_error=not value.kinds & TAKES[name],
            sign=_sign(name),
            needed=kinds_in_words(TAKES[name]),
            name=value.name or "the value",
            kind=kinds_in_words(value.kinds),
        )

    def compared(self, tree: Call, values: list[Value]) -> None:
        left, right = values
        self.words(tree, left, tree.operands[1])
        self.words(tree, right, tree.operands[0])
        if left.kinds is None or right.kinds is None:
            return
        both = left.kinds & right.kinds
        if tree.function in ORDER:
            both &= ORDERED
        is_certain = left.kinds == both and right.kinds == both
        if both and (tree.function in EQUAL or is_certain):
            return
        named, other = (left, right) if left.name else (right, left)
        self.doubt(
            "`{name}` is {kind}, but the rule compares it with {other}.{cure}",
            is_error=not both,
            name=named.name or "a value",
            kind=kinds_in_words(named.kinds or frozenset()),
            other=kinds_in_words(other.kinds or frozenset()),
            cure=_cure(named, other),
        )

    def words(self, tree: Call, value: Value, other: Expression) -> None:
        """Refuse a comparison with a text that the value can never be."""
        if (
            isinstance(other, Const)
            and isinstance(other.value, str | int | float)
            and not isinstance(other.value, bool)
        ):
            self.word(value, other.value)

    def word(self, value: Value, word: object) -> None:
        if value.name == "currency":
            self.currency(str(word))
            return
        allowed: tuple[object, ...] | None = tuple(sorted(value.words)) if value.words is not None else None
        if allowed is None and value.shape is not None and value.name:
            allowed = value.shape.values
        if allowed is None or word in allowed:
            return
        near = shapes.nearest(str(word), map(str, allowed))
        cure = (
            say("Did you mean '{near}'?", near=near)
            if near
            else say("Use one of: {names}.", names=[str(each) for each in allowed[:20]])
        )
        # Types and agents may still be added; every other list is complete.
        is_error = value.name not in self.vocabulary
        self.doubt(
            "`{name}` is never '{word}'. {cure}",
            is_error=is_error,
            name=value.name or "the value",
            word=str(word),
            cure=cure,
        )

    def currency(self, word: str) -> None:
        """Refuse a currency that intake never reads, and doubt one that ISO 4217 does not list."""
        code = normal.currency(word)
        if word and code != word:
            cure = say("Did you mean '{near}'?", near=code) if code else say("Use a three-letter code, such as EUR.")
            self.doubt("`currency` is never '{word}'. {cure}", word=word, cure=cure)
        elif word and word not in CODES:
            self.doubt("{word} is not an ISO 4217 currency code. Use a code such as EUR.", is_error=False, word=word)

    def pointer(self, name: str, word: str) -> None:
        """Refuse what is no pointer, or points to nothing, where a list of pointers is searched for it."""
        if not word.startswith("/"):
            near = f"/{word.replace('.', '/')}"
            self.doubt(
                "`{name}` lists pointers, so it never has '{word}'. Write '{near}'.", name=name, word=word, near=near
            )
        elif shapes.of(self.about.schema).names and shapes.at(self.about.schema, word) is None:
            known = tuple(shapes.pointers(self.about.schema))
            near = shapes.nearest(word, known)
            cure = say("Did you mean '{near}'?", near=near) if near else say("Use one of: {names}.", names=known[:20])
            self.doubt("The type {kind} has no field '{name}'. {cure}", kind=self.about.name, name=word, cure=cure)

    def contained(self, tree: Call, values: list[Value]) -> None:
        left, right = values
        if right.kinds is not None and not right.kinds & {LIST, OBJECT}:
            self.doubt("`in` needs a list, but `{name}` is {kind}.", name=right.name or "the value",
                       kind=kinds_in_words(right.kinds))  # fmt: skip
            return
        source, items = tree.operands
        if isinstance(items, ListOf):
            for item in items.items:
                if isinstance(item, Const):
                    self.word(left, item.value)
        if isinstance(source, Const) and right.name in LISTED:
            self.word(Value(words=self.allowed(right.name), name=right.name), source.value)
        if isinstance(source, Const) and isinstance(source.value, str) and right.name in ("missing", "unusual.fields"):
            self.pointer(right.name, source.value)
        inner = right.shape.items().kinds if right.shape and LIST in (right.kinds or ()) else None
        if left.kinds is not None and inner is not None and not left.kinds & inner:
            self.doubt(
                "`{name}` is {kind}, but the list contains {other}.{cure}",
                name=left.name or "the value",
                kind=kinds_in_words(left.kinds),
                other=kinds_in_words(inner),
                cure=_cure(left, Value(inner)),
            )

    def calculated(self, name: str, values: list[Value]) -> None:
        wanted = frozenset({NUMBER, TIME}) if name in ("_+_", "_-_") else frozenset({NUMBER})
        wanted |= {TEXT, LIST} if name == "_+_" else frozenset()
        if all(value.kinds is None or value.kinds <= wanted for value in values):
            kinds = [value.kinds for value in values if value.kinds is not None]
            if len(kinds) < 2 or kinds[0] & kinds[1] or TIME in kinds[0] | kinds[1]:
                return
        odd = [value for value in values if value.kinds is not None and value.kinds != {NUMBER}]
        named = next((value for value in odd if value.name), odd[0] if odd else values[0])
        if named.kinds is not None:
            self.doubt(
                "`{sign}` cannot be applied to `{name}`, which is {kind}.{cure}",
                sign=_sign(name),
                is_error=NUMBER not in named.kinds,
                name=named.name or "the value",
                kind=kinds_in_words(named.kinds),
                cure=_cure(named, Value(frozenset({NUMBER}))),
            )


_JSON = {TEXT: "string", NUMBER: "number", TRUTH: "boolean", LIST: "array", OBJECT: "object", shapes.NULL: "null"}


def doubts(
    tree: Expression, about: TypeInfo, vocabulary: Mapping[str, frozenset[str]] | None = None
) -> Iterator[Doubt]:
    """Yield what is wrong with a condition for actions of a type; `vocabulary` lists action types and agents."""
    everything = tuple(walk(tree))
    check = _Check(
        about,
        frozenset(each.path for each in everything if isinstance(each, Has)),
        frozenset(each.value for each in everything if isinstance(each, Const) and isinstance(each.value, str)),
        vocabulary or {},
    )
    check.truth(check.value(tree), "when")
    yield from check.found


def _cure(value: Value, other: Value) -> str | Said:
    if value.name and value.kinds and TEXT in value.kinds and other.kinds == frozenset({NUMBER}):
        return say(" Write `double({name})`.", name=value.name)
    if value.name and value.kinds == frozenset({NUMBER}) and other.kinds == frozenset({TEXT}):
        return say(" Write the number without quotes.")
    return ""


def _sign(name: str) -> str:
    return name.strip("_@")


def kinds_in_words(kinds: Kinds) -> Said:
    """Return the kinds of a value as people say them."""
    names = [say(NAMES[kind]) for kind in sorted(kinds)]
    return say("{first} or {last}", first=names[:-1], last=names[-1]) if len(names) > 1 else say("{kind}", kind=names)
