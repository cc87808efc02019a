"""Attachments over REST: uploads, proposals with files, who may read what is known of a file, and hostile bodies."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from approvals.models import Action, Agent, Attachment
from approvals.storage import contents
from tests import attaching, world
from tests.api.caller import BASE, Caller, as_agent, as_session, as_token, proposal
from tests.world import World

MIB = 1024 * 1024
pytestmark = pytest.mark.usefixtures("store")


def form(action: dict[str, Any] | str, **files: bytes) -> dict[str, Any]:
    text = action if isinstance(action, str) else json.dumps(action)
    return {"action": text} | {name: (f"{name}.txt", content) for name, content in files.items()}


def send(agent: Caller, parts: dict[str, Any], key: str = "work") -> Any:
    return agent.form("actions/", parts, {"Idempotency-Key": key})


def raw(agent: Caller, body: bytes, boundary: str = "b", path: str = "attachments/") -> Any:
    kind = f"multipart/form-data; boundary={boundary}"
    return agent.client.generic("POST", BASE + path, body, content_type=kind, headers=agent.headers)


def part(name: str, content: bytes, file: str | None = "f.txt") -> bytes:
    named = f'; filename="{file}"' if file is not None else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"


class TestAnUpload:
    def test_is_created_once(self, agent: Caller) -> None:
        content = attaching.text()
        first, second = agent.upload(content), agent.upload(content)
        assert (first.status_code, second.status_code) == (201, 200)
        assert first.json() == second.json()
        told = first.json()
        assert (told["name"], told["media_type"], told["size"]) == ("note.txt", "text/plain", len(content))
        assert first["Location"].endswith(f"/api/v1/attachments/{told['id']}/")

    def test_is_for_agents_that_may_propose(self, here: World, junior: Caller) -> None:
        reader = as_agent(here.agent, ("read:own",))
        assert reader.upload(attaching.text()).json()["code"] == "scope_missing"
        assert junior.upload(attaching.text()).status_code == 403
        assert as_token(here.junior, "read", "decide").upload(attaching.text()).status_code == 403
        assert not Attachment.objects.exists()

    def test_of_unknown_content_is_told_what_is_known(self, agent: Caller) -> None:
        answer = agent.upload(b"MZ\x90\x00" * 300, "invoice.pdf")
        assert (answer.status_code, answer.json()["code"]) == (415, "unknown_media_type")

    def test_that_is_too_large_ends_early_and_leaves_no_file(
        self, agent: Caller, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.HITL_ATTACHMENT_MIB = 1
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        answer = agent.upload(b"x" * (MIB + 1))
        assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "too_large", MIB)
        assert [each.name for each in tmp_path.iterdir()] in ([], ["attachments"])

    def test_whose_length_is_too_large_is_not_read(self, agent: Caller, settings: Settings) -> None:
        settings.HITL_ATTACHMENT_MIB = 1
        answer = agent.upload(b"x" * (2 * MIB))
        assert answer.status_code == 413
        assert "body" in answer.json()["detail"]

    def test_over_the_limit_is_asked_to_wait(self, agent: Caller, settings: Settings) -> None:
        settings.HITL_MAX_UNATTACHED = 1
        agent.upload(attaching.text())
        answer = agent.upload(attaching.text())
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "upload_limit", "3600")

    def test_says_when_the_store_is_away(self, agent: Caller, store: Path) -> None:
        store.write_text("no folder")
        answer = agent.upload(attaching.text())
        assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"nonsense",
            b"--b--\r\n",
            part("file", b"cut off")[:-2],
            part("file", b"without an end"),
            part("file", b"another end") + b"--c--\r\n",
            part("other", b"another name") + b"--b--\r\n",
            part("file", b"no name", None) + b"--b--\r\n",
            part("file", b"one") + part("file", b"two") + b"--b--\r\n",
            part("file", b"one") + part("more", b"two") + b"--b--\r\n",
            part("file", b"one") + part("text", b"two", None) + b"--b--\r\n",
            part("text", b"x", None) * 1_100 + b"--b--\r\n",
        ],
    )
    def test_of_another_form_is_refused(self, agent: Caller, body: bytes) -> None:
        answer = raw(agent, body)
        assert answer.status_code in {400, 413}, answer.content
        assert answer.json()["code"] in {"malformed", "too_large"}
        assert not Attachment.objects.exists()

    def test_that_is_whole_is_taken_with_any_end_of_line(self, agent: Caller) -> None:
        body = part("file", b"Delivery note 1\n") + b"--b--"
        assert raw(agent, body).status_code == 201

    def test_of_another_content_type_is_refused(self, agent: Caller) -> None:
        assert agent.post("attachments/", {"file": "x"}).status_code == 415

    def test_has_no_path_in_its_name(self, agent: Caller) -> None:
        told = raw(agent, part("file", b"Delivery note 2\n", "../../etc/passwd") + b"--b--\r\n").json()
        assert told["name"] == "passwd"


class TestReadingAnUpload:
    def test_is_for_its_agent(self, here: World, agent: Caller) -> None:
        told = agent.upload(attaching.text()).json()
        assert agent.get(f"attachments/{told['id']}/").json() == told
        other = as_agent(Agent.objects.create(name="other-bot", title="Other bot", owner=here.owner))
        assert other.get(f"attachments/{told['id']}/").status_code == 404

    def test_is_for_people_who_see_an_action_that_has_it(self, here: World, agent: Caller, junior: Caller) -> None:
        told = agent.upload(attaching.text()).json()
        path = f"attachments/{told['id']}/"
        assert junior.get(path).status_code == 404
        agent.propose(attachments=[told["id"]])
        assert junior.get(path).json() == told | {"sha256": None}
        assert as_session(world.person("stranger")).get(path).status_code == 404


class TestAProposal:
    def test_names_what_was_uploaded(self, agent: Caller) -> None:
        told = agent.upload(attaching.text()).json()
        evidence = [{"label": "Amount", "field": "/amount", "attachment": told["id"], "page": 1, "quote": "20 boxes"}]
        answer = agent.propose(attachments=[told["id"]], evidence=evidence)
        assert answer.status_code == 201, answer.content
        (held,) = answer.json()["attachments"]
        assert held == {name: value for name, value in told.items() if name != "sha256"}
        assert answer.json()["evidence"] == evidence
        path = f"actions/{answer.json()['id']}/"
        assert agent.get(path).json()["attachments"] == [held]
        assert agent.get("actions/").json()["results"][0]["attachments"] == [held]

    @pytest.mark.parametrize(
        ("item", "fault"),
        [
            ({"label": "A", "attachment": "no-id"}, "/evidence/0/attachment"),
            ({"label": "A"}, "/evidence/0"),
            ({"label": "A", "value": 1, "url": "https://example.com"}, "/evidence/0"),
            ({"label": "A", "value": 1, "page": 0}, "/evidence/0/page"),
            ({"label": "A", "value": 1, "page": "1"}, "/evidence/0/page"),
            ({"label": "A", "value": 1, "quote": "x" * 501}, "/evidence/0/quote"),
        ],
    )
    def test_with_evidence_of_another_form_is_refused(self, agent: Caller, item: dict[str, Any], fault: str) -> None:
        answer = agent.propose(evidence=[item])
        assert answer.status_code == 400
        assert [each["pointer"] for each in answer.json()["faults"]] == [fault]

    def test_of_a_batch_can_share_an_attachment(self, agent: Caller) -> None:
        told = agent.upload(attaching.text()).json()
        items = [proposal(attachments=[told["id"]], idempotency_key=f"item-{number}") for number in range(3)]
        items.append(proposal(attachments=["0190a1b2-0000-7000-8000-000000000000"], idempotency_key="item-3"))
        results = agent.post("actions/batch/", {"proposals": items}).json()["results"]
        assert [each["status"] for each in results] == [201, 201, 201, 400]

    def test_can_be_evaluated_without_being_stored(self, agent: Caller) -> None:
        told = agent.upload(attaching.text()).json()
        answer = agent.post("evaluate/", proposal(attachments=[told["id"]]))
        assert answer.status_code == 200, answer.content
        assert Attachment.objects.get().attached_at is None


class TestAProposalWithFiles:
    def test_has_its_files_and_evidence_that_names_their_parts(self, agent: Caller) -> None:
        item = {"label": "Amount", "attachment": "invoice", "page": 1, "quote": "20 boxes"}
        answer = send(agent, form(proposal(evidence=[item]), invoice=attaching.text(), note=attaching.text()))
        assert answer.status_code == 201, answer.content
        told = answer.json()
        assert [each["name"] for each in told["attachments"]] == ["invoice.txt", "note.txt"]
        assert told["evidence"] == [item | {"attachment": told["attachments"][0]["id"]}]

    def test_adds_its_files_to_earlier_uploads(self, agent: Caller) -> None:
        earlier = agent.upload(attaching.text()).json()
        answer = send(agent, form(proposal(attachments=[earlier["id"]]), note=attaching.text()))
        assert [each["name"] for each in answer.json()["attachments"]] == ["note.txt", "note.txt"]
        assert answer.json()["attachments"][0]["id"] == earlier["id"]

    def test_is_the_same_action_again_with_the_same_bytes(self, agent: Caller) -> None:
        parts = form(proposal(), note=attaching.text())
        first, second = send(agent, parts), send(agent, parts)
        assert (first.status_code, second.status_code) == (201, 200)
        assert second["Idempotent-Replayed"] == "true"
        assert first.json()["id"] == second.json()["id"]

    def test_is_refused_with_the_same_key_and_other_bytes(self, agent: Caller) -> None:
        action = proposal()
        send(agent, form(action, note=attaching.text()))
        answer = send(agent, form(action, note=attaching.text()))
        assert answer.json()["code"] == "idempotency_conflict"

    def test_stores_nothing_of_what_is_not_valid(self, agent: Caller, store: Path) -> None:
        answer = send(agent, form(proposal(confidence=2), note=attaching.text()))
        assert answer.json()["faults"][0]["pointer"] == "/confidence"
        assert not Attachment.objects.exists()
        assert not store.exists()

    def test_becomes_no_action_when_one_file_is_refused(self, agent: Caller) -> None:
        answer = send(agent, form(proposal(), note=attaching.text(), program=b"\x7fELF\x02\x01\x01\x00" * 20))
        assert answer.json()["code"] == "unknown_media_type"
        assert not Action.objects.exists()

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "malformed"),
            ("[]", "malformed"),
            ('{"a": 1, "a": 2}', "malformed"),
            ("[" * 40, "malformed"),
            ('{"attachments": 1}', "malformed"),
            ('{"evidence": [1], "attachments": {}}', "malformed"),
        ],
    )
    def test_is_read_by_the_strict_parser(self, agent: Caller, text: str, code: str) -> None:
        answer = send(agent, form(text, note=attaching.text()))
        assert (answer.status_code, answer.json()["code"]) == (400, code)

    def test_keeps_its_text_byte_for_byte(self, agent: Caller) -> None:
        answer = send(
            agent, form(json.dumps(proposal(instruction="Grüße 😀"), ensure_ascii=False), note=attaching.text())
        )
        assert answer.json()["instruction"] == "Grüße 😀"

    def test_refuses_text_that_is_no_utf_8(self, agent: Caller) -> None:
        body = part("action", b'{"instruction": "\xff"}', None) + part("note", attaching.text()) + b"--b--\r\n"
        assert raw(agent, body, path="actions/").status_code == 400

    @pytest.mark.parametrize("end", [b"", b"--b", b"--c--\r\n"])
    def test_that_ends_early_is_not_taken_without_its_last_file(self, agent: Caller, end: bytes) -> None:
        text = json.dumps(proposal()).encode()
        whole = part("action", text, None) + part("note", attaching.text()) + part("more", attaching.text())
        agent.headers["Idempotency-Key"] = "work"
        answer = raw(agent, whole[:-2] + end, path="actions/")
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert not Action.objects.exists()

    def test_takes_at_most_twenty_files(self, agent: Caller) -> None:
        files = {f"note{number}": attaching.text() for number in range(21)}
        answer = send(agent, form(proposal(), **files))
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert not Attachment.objects.exists()

    def test_is_for_agents(self, junior: Caller) -> None:
        assert send(junior, form(proposal(), note=attaching.text())).status_code == 403


def test_the_answer_never_holds_a_place_on_the_server(agent: Caller, store: Path) -> None:
    file = agent.upload(attaching.text()).json()
    assert str(store) not in json.dumps(file)
    assert contents.open_bytes(Attachment.objects.get())
