"""Results of tools as data: kept, reported and handed over, but never obeyed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from mcp_types import CallToolResult, TextContent

MAX_KEPT = 1024 * 1024
MAX_REPORTED = 96 * 1024
MAX_SHOWN = 200

Body = dict[str, Any]


def dump(result: CallToolResult) -> Body:
    """The result as JSON."""
    return result.model_dump(mode="json", by_alias=True, exclude_none=True)


def load(body: Mapping[str, Any]) -> CallToolResult:
    """The result that `dump` wrote."""
    return CallToolResult.model_validate(body)


def told(text: str, *, is_error: bool = True) -> CallToolResult:
    """A result of the gateway's own. It is an error wherever the tool did not give its result, so that no client looks
    for structured content in it."""
    return CallToolResult(content=[TextContent(text=text)], is_error=is_error)


def text_of(result: CallToolResult) -> str:
    """What the result says, in plain text that every strict parser of JSON takes."""
    parts = [block.text if isinstance(block, TextContent) else _shape(block) for block in result.content]
    if not parts and result.structured_content is not None:
        parts = [json.dumps(result.structured_content, ensure_ascii=False)]
    return clean("\n".join(parts))


def _shape(block: Any) -> str:
    return f"[{block.type}: {len(block.model_dump_json())} bytes as JSON]"


def clean(text: str) -> str:
    """The text without NUL and lone surrogates, which HITL refuses."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def receipt(result: CallToolResult) -> Body:
    """What HITL is told of a result: its text, shortened if it is long, with its size in bytes and its SHA-256."""
    whole = json.dumps(dump(result), sort_keys=True).encode()
    text = _shortened(text_of(result), MAX_REPORTED)
    return {"text": text, "bytes": len(whole), "sha256": hashlib.sha256(whole).hexdigest()}


def from_receipt(reported: Any) -> CallToolResult:
    """The result as far as a receipt tells it."""
    if not isinstance(reported, Mapping) or "sha256" not in reported:
        return told("A person found that it happened. Its result is not known.")
    return told(f"It ran before. The complete result is no longer kept. Its text was:\n{reported.get('text', '')}")


def kept(result: CallToolResult) -> CallToolResult:
    """The result, or its beginning if it is larger than what the gateway keeps."""
    size = len(json.dumps(dump(result)))
    if size <= MAX_KEPT:
        return result
    beginning = _shortened(text_of(result), MAX_KEPT // 4)
    return told(f"It ran. Its result has {size} bytes, more than {MAX_KEPT} that are kept. It begins:\n{beginning}")


def edited(result: CallToolResult, before: Mapping[str, Any], after: Mapping[str, Any]) -> CallToolResult:
    """The result with a note if the call ran with other arguments than the client sent."""
    changes = [f"- {pointer}: {_short(was)} became {_short(now)}" for pointer, was, now in diff(before, after)]
    if not changes:
        return result
    note = "A reviewer changed this call before it ran. It ran once, with these changes:\n" + "\n".join(changes)
    return result.model_copy(update={"content": [TextContent(text=note), *result.content]})


MISSING = object()


def diff(before: Any, after: Any, pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Each place where two JSON values differ: its JSON Pointer, the old value and the new one, or `MISSING`."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            inner = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            yield from diff(before.get(name, MISSING), after.get(name, MISSING), inner)
    elif isinstance(before, list) and isinstance(after, list):
        for at in range(max(len(before), len(after))):
            was, now = (values[at] if at < len(values) else MISSING for values in (before, after))
            yield from diff(was, now, f"{pointer}/{at}")
    elif isinstance(before, bool) is not isinstance(after, bool) or before != after:
        yield pointer, before, after


def _short(value: Any) -> str:
    return "nothing" if value is MISSING else _shortened(json.dumps(value, ensure_ascii=False), MAX_SHOWN)


def _shortened(text: str, most: int) -> str:
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[:most].decode("utf-8", "ignore") + f" [... {len(raw) - most} more bytes]"
