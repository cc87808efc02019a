"""Write a document's plain value back as text; unchanged parts keep their bytes and comments."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from policies.engine.document.source_text import PlainLoader, read
from policies.engine.values.canonical import plain

MAX_WIDTH = 100
# Without a question mark: between braces and brackets it begins a key, wherever it stands.
_BARE = re.compile(r"[^\W\d_](?:[\w ./()+%!;=&<>|*@'-]*[\w./()%!;'-])?")
_BARE_IN_BLOCK = re.compile(r"[^\W\d_](?:[\w ,./()\[\]{}+%?!;=&<>|*@'\"-]*[\w,./()%?!;'\"-])?")
_WORDS = frozenset({"true", "false", "null"})
# In a list of these, each item is its own paragraph regardless of length.
_PARAGRAPHS = frozenset({"when", "expect", "stages"})


def rewrite(source: str, value: Mapping[str, Any], order: Sequence[str] = ()) -> str:
    """Return the text with a new value; `order` says where new sections go.

    Unchanged sections and unchanged named list items keep their text. Comments inside changed parts are lost.

    :raises SourceFault: the text cannot be read.
    """
    old, new = read(source), plain(value)
    if _same(old, new):
        return source
    tried = _tried(source, old, new, order)
    return tried if _same(_read_or_none(tried), new) else write(new)


def _tried(source: str, old: object, new: Mapping[str, Any], order: Sequence[str]) -> str:
    if source.lstrip().startswith("{"):
        return json.dumps(new, indent=2, ensure_ascii=False) + "\n"
    return _patched(source, old, new, order) if isinstance(old, Mapping) else ""


def write(value: Mapping[str, Any]) -> str:
    """Return a whole document as text."""
    return "".join(f"{_section(name, part)}\n" for name, part in value.items()) or "{}\n"


def _same(old: object, new: object) -> bool:
    # 1, 1.0 and true are equal in Python, but not to a reader of the text.
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def _read_or_none(source: str) -> object:
    try:
        return read(source)
    except ValueError:
        return None


def _patched(source: str, old: Mapping[str, Any], new: Mapping[str, Any], order: Sequence[str]) -> str:
    spans = _spans(source)
    pieces: list[tuple[str, str]] = []
    at = 0
    for name, (start, end, node) in spans.items():
        before = source[at:start]
        at = end
        if name not in new:
            pieces.append(("", before))
        elif _same(old[name], new[name]):
            pieces.append((name, before + source[start:end]))
        else:
            pieces.append((name, before + _changed(source[start:end], start, node, old[name], new[name], name)))
    for name in new:
        if name not in spans:
            _insert(pieces, name, _section(name, new[name]), order)
    return "".join(text if not text or text.endswith("\n") else f"{text}\n" for _, text in pieces) + source[at:]


def _insert(pieces: list[tuple[str, str]], name: str, text: str, order: Sequence[str]) -> None:
    later = set(order[order.index(name) + 1 :]) if name in order else set()
    place = next((index for index, (other, _) in enumerate(pieces) if other in later), len(pieces))
    pieces.insert(place, (name, f"\n{text}\n" if place else f"{text}\n"))


def _spans(source: str) -> dict[str, tuple[int, int, yaml.Node]]:
    """Return the lines of each section; comments after a section belong to the next."""
    root = yaml.compose(source, Loader=PlainLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return {}
    return {
        key.value: (_line_start(source, key.start_mark.index), _line_end(source, _end(value)), value)
        for key, value in root.value
    }


def _end(node: yaml.Node) -> int:
    """Return the end of the last value; a block's own end mark comes after its trailing comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_start(source: str, index: int) -> int:
    return source.rfind("\n", 0, index) + 1


def _line_end(source: str, index: int) -> int:
    if index and source[index - 1] == "\n":
        return index
    found = source.find("\n", index)
    return len(source) if found < 0 else found + 1


def _changed(text: str, offset: int, node: yaml.Node, old: Any, new: Any, name: str) -> str:
    """Rewrite a section; in a list of named items, only what differs, with the comments above each item."""
    items = node.value if isinstance(node, yaml.SequenceNode) and not node.flow_style else []
    if not items or not new or not all(isinstance(item, Mapping) and "name" in item for item in (*old, *new)):
        return f"{_section(name, new)}\n"
    chunks, at = [], _line_end(text, 0)
    for item in items:
        start, end = _line_start(text, item.start_mark.index - offset), _line_end(text, _end(item) - offset)
        chunks.append((text[at:start], text[start:end]))
        at = end
    kept = {str(value["name"]): (value, above, body) for value, (above, body) in zip(old, chunks, strict=True)}
    indent = node.start_mark.column
    return text[: _line_end(text, 0)] + "".join(_item(value, kept.get(str(value["name"])), indent) for value in new)


def _item(value: Any, before: tuple[Any, str, str] | None, indent: int) -> str:
    above, body = (before[1], before[2]) if before else ("", "")
    if before is None or not _same(before[0], value):
        body = "".join(f"{' ' * indent}{line}\n" for line in _lines([value], 2))
    return above + (body if body.endswith("\n") else f"{body}\n")


def _section(name: str, value: Any) -> str:
    return "\n".join(_lines({name: value}, 0))


def _lines(value: Any, deep: int) -> Iterator[str]:
    """Yield a value as lines of a block; `deep` is the current indentation."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _entry(f"{_scalar(name, bare=_BARE)}:", part, deep)
    else:
        for part in value:
            yield from _listed(part, deep)


def _entry(head: str, part: Any, deep: int) -> Iterator[str]:
    line = f"{head} {_flow(part) if isinstance(part, Mapping | list) else _scalar(part)}"
    if not _is_block(part, line, deep):
        yield line
        return
    yield head
    for inner in _lines(part, deep + 2):
        yield f"  {inner}"


def _listed(part: Any, deep: int) -> Iterator[str]:
    line = f"- {_flow(part) if isinstance(part, Mapping | list) else _scalar(part)}"
    if not _is_block(part, line, deep):
        yield line
        return
    for place, inner in enumerate(_lines(part, deep + 2)):
        yield f"{'  ' if place else '- '}{inner}"


def _is_block(part: Any, line: str, deep: int) -> bool:
    if not isinstance(part, Mapping | list) or not part:
        return False
    if len(line) + deep > MAX_WIDTH:
        return True
    if isinstance(part, Mapping):
        return bool(_PARAGRAPHS & set(part)) or any(_holds_paragraphs(inner) for inner in part.values())
    return _holds_paragraphs(part) or any(isinstance(inner, Mapping) for inner in part)


def _holds_paragraphs(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(_PARAGRAPHS & set(value)) or any(map(_holds_paragraphs, value.values()))
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(name, bare=_BARE)}: {_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value, bare=_BARE)


def _scalar(value: Any, *, bare: re.Pattern[str] = _BARE_IN_BLOCK) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        text = repr(value)
        return text if "." in text or "e" not in text else text.replace("e", ".0e")
    if isinstance(value, int):
        return str(value)
    if bare.fullmatch(value) and value not in _WORDS and value.isascii():
        return str(value)
    return _quoted(value)


def _quoted(text: str) -> str:
    # JSON's escapes are valid in YAML; characters that YAML forbids are also escaped.
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() and ord(char) < 0xFFFE else f"\\U{ord(char):08x}" for char in escaped)
