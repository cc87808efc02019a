"""Proposals of action types, one for each accepted tool. A person says what is at stake; the server is not asked."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hitl_mcp.config import Server

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_TITLE, MAX_SUMMARY = 120, 240
QUESTIONS = (
    ("stakes", "How much is lost if it goes wrong", ("low", "medium", "high")),
    ("reversibility", "Can it be undone", ("reversible", "irreversible")),
    ("has_external_impact", "Does anybody outside notice", ("no", "yes")),
)
STRICT = {"stakes": "high", "reversibility": "irreversible", "has_external_impact": "yes"}

Kind = dict[str, Any]
Ask = Callable[[str], str]


def kind_of(server: Server, pinned: Mapping[str, Any], answers: Mapping[str, str]) -> Kind:
    """The fields of the action type, named as in the admin. The policy and the desk are for a person to choose."""
    tool = pinned["name"]
    title = str(pinned.get("title") or re.sub(r"[_.-]+", " ", tool)).strip().capitalize()
    schema = {"$schema": DIALECT, **pinned["inputSchema"]}
    return {
        "name": server.type_of(tool),
        "title": title[:MAX_TITLE],
        "description": str(pinned.get("description") or "")[:2_000],
        "schema": schema,
        "summary": _summary(title, schema),
        "automation_requires": [f"/{_escaped(name)}" for name in schema.get("required", ())],
        "reversibility": answers["reversibility"],
        "stakes": answers["stakes"],
        "has_external_impact": answers["has_external_impact"] == "yes",
        "data_classes": ["internal"],
        "domain": "general",
        "mode": "on_the_loop" if answers["stakes"] == "low" else "in_the_loop",
        "execution": "agent",
        "connector": "",
        "ends": "never",
    }


def ask_about(tool: str, ask: Ask) -> dict[str, str]:
    """Ask a person what is at stake. An empty answer is the strictest one."""
    answers = {}
    for field, question, choices in QUESTIONS:
        prompt = f"{tool}: {question} ({', '.join(choices)})? [{STRICT[field]}] "
        while (given := ask(prompt).strip().lower() or STRICT[field]) not in choices:
            pass
        answers[field] = given
    return answers


def write(folder: Path, kind: Kind) -> Path:
    """Write a proposal to a file of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind['name']}.json"
    path.write_text(json.dumps(kind, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def beside(kind: Kind, known: Mapping[str, Mapping[str, Any]]) -> str:
    """Compare a proposal with what HITL has, in a sentence."""
    found = known.get(kind["name"])
    if found is None:
        return "HITL does not have it yet, or this key may not propose it."
    if found["execution"] != "agent":
        return "HITL has it, but says that a connector executes it. Choose “the agent”."
    if _meaning(found["schema"]) != _meaning(kind["schema"]):
        return "HITL has it with another schema."
    return "HITL has it."


def _meaning(schema: Mapping[str, Any]) -> str:
    return json.dumps({name: value for name, value in schema.items() if name != "$schema"}, sort_keys=True)


def _summary(title: str, schema: Mapping[str, Any]) -> str:
    properties = schema.get("properties") or {}
    single = [name for name, field in properties.items() if _is_short(field)]
    named = [name for name in schema.get("required", ()) if name in single] or single
    summary = title + "".join(f" {{/{_escaped(name)}}}" for name in named[:2])
    return summary if len(summary) <= MAX_SUMMARY else title[:MAX_SUMMARY]


def _is_short(field: Any) -> bool:
    return isinstance(field, Mapping) and field.get("type") in {"string", "number", "integer"}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
