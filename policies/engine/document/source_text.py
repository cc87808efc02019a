"""Read a policy document's YAML or JSON into plain JSON values, without YAML's surprises."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import yaml

MAX_SOURCE_LENGTH = 64 * 1024
MAX_DEPTH = 12


class SourceFault(ValueError):
    """A text that is not a valid policy document; the message says where and why."""


class PlainLoader(yaml.SafeLoader):
    """YAML without dates, sexagesimal numbers, yes/no truth values, merge keys and duplicate keys."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key, _ in node.value:
            if key.tag != "tag:yaml.org,2002:str":
                raise SourceFault(f"{_place(key.start_mark)}: The key {key.value!r} is not text. Put it in quotes.")
            if key.value in seen:
                raise SourceFault(f"{_place(key.start_mark)}: The key {key.value!r} is duplicated. Remove one of them.")
            seen.add(key.value)
        return super().construct_mapping(node, deep=True)


_SCALARS = (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?", list("-+0123456789")),
)
for _kind, _pattern, _starts in _SCALARS:
    PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^(?:{_pattern})$"), _starts)


def read(source: str) -> object:
    """Return the plain JSON value of a document's text.

    :raises SourceFault: it is too long, too deep, not YAML or JSON, repeats a key, or uses anchors or tags.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_SOURCE_LENGTH:
        raise SourceFault(f"The document is larger than {MAX_SOURCE_LENGTH // 1024} KiB. Split it into two policies.")
    return json.loads(_as_json(source))


def compose(source: str, *, longest: int, deepest: int) -> tuple[object, yaml.Node | None]:
    """Return the plain JSON value of another YAML file, and the node that says on which line each part of it stands.

    The file may have `longest` bytes and `deepest` levels.

    :raises SourceFault: as `read` does.
    """
    if len(source.encode("utf-8", "surrogatepass")) > longest:
        raise SourceFault(f"The file is larger than {longest // 1024} KiB. Make it smaller.")
    with _said_in_words():
        _check_events(source, deepest)
        loader = PlainLoader(source)
        node = loader.get_single_node()
        return (None if node is None else loader.construct_document(node)), node


# The editor reads the same text several times while a person types; each caller gets its own copy.
@lru_cache(maxsize=32)
def _as_json(source: str) -> str:
    return json.dumps(_parsed(source))


def _parsed(source: str) -> object:
    with _said_in_words():
        _check_events(source)
        if source.lstrip().startswith("{"):
            return json.loads(source, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
        return yaml.load(source, Loader=PlainLoader)


@contextmanager
def _said_in_words() -> Iterator[None]:
    """Say where a text cannot be read, and why."""
    try:
        yield
    except yaml.MarkedYAMLError as error:
        what = error.problem or error.context or "not YAML"
        raise SourceFault(f"{_place(error.problem_mark)}: {what}. Check the indentation and the quotes.") from error
    except yaml.YAMLError as error:
        raise SourceFault(f"The document contains a character that YAML does not allow: {_line(error)}.") from error
    except json.JSONDecodeError as error:
        raise SourceFault(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from error
    except SourceFault:
        raise
    except ValueError as error:
        raise SourceFault(f"The document contains an invalid number: {_line(error)}.") from error


def _check_events(source: str, deepest: int = MAX_DEPTH) -> None:
    """Scan the text without building values, so that depth and repetition cost no memory."""
    depth = 0
    for event in yaml.parse(source.replace("\t", " "), Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise SourceFault(
                f"{_place(event.start_mark)}: Anchors and aliases are not allowed. Repeat the value instead."
            )
        if (tag := getattr(event, "tag", None)) not in (None, "!"):
            raise SourceFault(f"{_place(event.start_mark)}: Tags are not allowed. Remove {tag!r}.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > deepest:
            raise SourceFault(
                f"{_place(event.start_mark)}: The document is nested deeper than {deepest} levels. Flatten it."
            )


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise SourceFault(f"The key {key!r} is duplicated. Remove one of them.")
        result[key] = value
    return result


def _refuse_constant(name: str) -> object:
    raise SourceFault(f"{name} is not allowed. Write a decimal number.")


def _place(mark: Any) -> str:
    return "Unknown line" if mark is None else f"Line {mark.line + 1}, column {mark.column + 1}"


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
