"""The parts that need no product: the configuration, names, results and the calls on disk."""

import json
from pathlib import Path

import pytest
from mcp_types import CallToolResult, TextContent

from hitl_mcp import kinds, results
from hitl_mcp.calls import Calls
from hitl_mcp.config import ConfigError, Server, read

GOOD = 'url = "https://hitl.example.com"\nkey = "K"\nfolder = "state"\n[servers.files]\ncommand = ["x"]\n'


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ("[servers.files]\ncommand = []", "url is missing"),
        (GOOD.replace("key", "secret"), "secret is unknown"),
        (GOOD + 'url = "https://x.example.com"', "either a command or a url"),
        (GOOD.replace("files", "Files"), "lowercase"),
        (GOOD + "repeatable = true", "repeatable must be a list"),
        (GOOD.partition("[")[0], "names no server"),
        ("?", "cannot be read"),
    ],
)
def test_a_configuration_says_what_is_wrong(tmp_path: Path, changed: str, says: str) -> None:
    path = tmp_path / "hitl-mcp.toml"
    path.write_text(changed)
    with pytest.raises(ConfigError, match=says):
        read(path)


def test_a_configuration_keeps_its_folder_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "hitl-mcp.toml"
    path.write_text(GOOD)
    assert read(path).folder == tmp_path / "state"


@pytest.mark.parametrize(
    ("tool", "action_type"),
    [
        ("write_file", "mcp.files.write_file"),
        ("getIssue", "mcp.files.get_issue"),
        ("get-issue", "mcp.files.get_issue"),
        ("other", "files_other"),
    ],
)
def test_names_of_action_types(tool: str, action_type: str) -> None:
    assert Server("files", types={"other": "files_other"}).type_of(tool) == action_type


@pytest.mark.parametrize(
    ("before", "after", "pointers"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, ["/a"]),
        ({"a": {"b/c": [1, 2]}}, {"a": {"b/c": [1]}}, ["/a/b~1c/1"]),
        ({}, {"a": None}, ["/a"]),
    ],
)
def test_tells_each_change(before: dict[str, object], after: dict[str, object], pointers: list[str]) -> None:
    assert [pointer for pointer, _, _ in results.diff(before, after)] == pointers


def test_a_receipt_is_what_hitl_takes() -> None:
    result = CallToolResult(content=[TextContent(text="a\0b\ud800")], structured_content={"deep": 2**60})
    assert results.receipt(result)["text"] == "a\N{REPLACEMENT CHARACTER}b?"


def _said(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)])


def test_an_open_call_is_found_again_until_it_was_handed_over(tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    call = calls.find("files", "write", "t", {"a": 1}, "")
    calls.write(call)
    calls.keep(call.key, _said("done"))
    found = Calls(tmp_path).find("files", "write", "t", {"a": 1}, "")
    assert (found, calls.kept(call.key)) == (call, _said("done"))
    assert calls.find("files", "write", "t", {"a": 2}, "").key != call.key
    calls.hand_over(call)
    assert calls.find("files", "write", "t", {"a": 1}, "").key != call.key
    assert list(tmp_path.rglob("*.json")) == []


def test_named_work_keeps_its_key_and_result(tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    call = calls.find("files", "write", "t", {"a": 1}, "T-1")
    calls.write(call)
    calls.keep(call.key, _said("done"))
    calls.hand_over(call)
    assert list(calls.all()) == []
    assert calls.find("files", "write", "t", {"a": 1}, "T-1").key == call.key
    assert calls.kept(call.key) == _said("done")
    assert calls.find("files", "write", "t", {"a": 1}, "T-2").key != call.key


def test_a_call_that_was_handed_over_is_not_written_again(tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    call = calls.find("files", "write", "t", {}, "")
    calls.write(call)
    calls.hand_over(call)
    calls.update(call)
    assert list(calls.all()) == []


def test_a_damaged_call_holds_up_no_other(tmp_path: Path) -> None:
    calls = Calls(tmp_path)
    whole, damaged = (calls.find("files", "write", "t", {"a": number}, "") for number in (1, 2))
    for call in (whole, damaged):
        calls.write(call)
    next(tmp_path.rglob(f"{damaged.key}.json")).write_text("{")
    assert list(calls.all()) == [whole]
    with pytest.raises(ValueError, match="Expecting"):
        calls.find("files", "write", "t", {"a": 2}, "")


def test_a_person_is_asked_until_the_answer_is_one_of_the_choices() -> None:
    typed = iter(["middling", "medium", "", "no"])
    asked = kinds.ask_about("files.write", lambda prompt: next(typed))
    assert asked == {"stakes": "medium", "reversibility": "irreversible", "has_external_impact": "no"}


def test_a_kind_is_json_with_the_schema_of_the_tool() -> None:
    pinned = {"name": "write_file", "inputSchema": {"type": "object", "properties": {"p": {"type": "string"}}}}
    kind = json.loads(json.dumps(kinds.kind_of(Server("files"), pinned, kinds.STRICT)))
    assert kind["schema"]["properties"] == {"p": {"type": "string"}}
    assert (kind["title"], kind["summary"], kind["execution"]) == ("Write file", "Write file {/p}", "agent")
