"""The set-up as files: read all of it, try a change of it, apply one."""

from collections.abc import Iterator
from typing import Any, ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Configures
from approvals.api.base import openapi
from approvals.api.base.call import KIB, Call
from approvals.api.serializers.fields import JSONValue, StrictBoolean, StrictSerializer, Text, Words
from approvals.api.serializers.parts import Shape
from approvals.errors import SetUpInvalid
from approvals.services.configuration.folder import apply, export
from approvals.services.configuration.folder.apply import Outcome
from approvals.services.configuration.folder.planning import Planned
from approvals.services.configuration.folder.reading import MAX_BYTES, MAX_FAULTS, Fault, FolderFaults

MAX_FILES = 2_000
MAX_PATH = 200


class SetUpOut(Shape):
    """The text of each file of the set-up, by its path in the folder."""

    files = s.DictField(child=Words())


class SetUpIn(StrictSerializer):
    """The files of a set-up, and whether they are only tried."""

    files = s.DictField(child=Text(allow_blank=True, max_length=MAX_BYTES), allow_empty=False)
    dry_run = StrictBoolean(default=False)

    def validate_files(self, files: dict[str, str]) -> dict[str, str]:
        """The files, if they are not too many and their paths are not too long."""
        if len(files) > MAX_FILES or any(len(path) > MAX_PATH for path in files):
            raise s.ValidationError(f"Send at most {MAX_FILES} files with paths of at most {MAX_PATH} characters.")
        return files


class SetUpFieldOut(Shape):
    """A field of a row, before and after, as the files write it."""

    field = Words()
    before = JSONValue()
    after = JSONValue()


class SetUpRowOut(Shape):
    """A row that differs, with the place that states it. What loosens the gate waits for a second person."""

    file = Words()
    line = s.IntegerField()
    operation = s.ChoiceField(choices=["add", "change", "remove"])
    kind = Words()
    name = Words()
    loosens = s.BooleanField()
    fields_changed = SetUpFieldOut(many=True)


class SetUpRequestOut(Shape):
    """What a second person decides on. Without an action, it needs something that waits itself: apply again later."""

    what = Words()
    action = s.UUIDField(allow_null=True)


class SetUpResultOut(Shape):
    """What differs, and what became of it."""

    dry_run = s.BooleanField()
    waits = s.BooleanField()
    rows = SetUpRowOut(many=True)
    policies = s.ListField(child=Words())
    requests = SetUpRequestOut(many=True)


class Catalog(Call):
    """``catalog/``."""

    allowed: ClassVar = {"GET": Configures, "POST": Configures}
    most_bytes: ClassVar[int] = 4096 * KIB

    @openapi.reads("read_set_up", "Get the set-up as files", SetUpOut)
    def get(self, request: Request) -> Response:
        """Returns desks, memberships, action types, agents, policies and the rest. Secrets and people are left out."""
        person = self.actor.person
        assert person is not None  # the permission lets nobody else in
        return Response({"files": export.files_for(person)})

    @openapi.changes("apply_set_up", "Apply files of a set-up, or try them", SetUpIn, SetUpResultOut)
    def post(self, request: Request) -> Response:
        """Apply the files as you. Part of it may wait for a second person. With `dry_run`, nothing is stored."""
        body = self.body(SetUpIn)
        service = apply.dry_run if body["dry_run"] else apply.apply
        try:
            outcome = service(actor=self.actor, at=self.moment, files=body["files"])
        except FolderFaults as found:
            raise SetUpInvalid(faults=[_fault(fault) for fault in found.faults[:MAX_FAULTS]]) from found
        return Response(_told(outcome, is_dry=body["dry_run"]))


def _fault(fault: Fault) -> dict[str, str]:
    name = fault.place.file.replace("~", "~0").replace("/", "~1")
    return {"pointer": f"/files/{name}", "message": str(fault)}


def _told(outcome: Outcome, *, is_dry: bool) -> dict[str, Any]:
    return {
        "dry_run": is_dry,
        "waits": outcome.waits,
        "rows": [_row(planned) for planned in outcome.rows],
        "policies": [policy.path for policy in outcome.policies],
        "requests": [
            {"what": each.what, "action": str(each.action.pk) if each.action else None} for each in outcome.requested
        ],
    }


def _row(planned: Planned) -> dict[str, Any]:
    return {
        "file": planned.entry.place.file,
        "line": planned.entry.place.line,
        "operation": planned.operation,
        "kind": str(planned.row._meta.model_name),
        "name": planned.label,
        "loosens": planned.loosens,
        "fields_changed": list(_changed(planned)),
    }


def _changed(planned: Planned) -> Iterator[dict[str, Any]]:
    for name, (before, after) in planned.fields.items():
        yield {"field": name, "before": before, "after": after}
