"""Files that agents upload for the people who decide on their actions."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from approvals.api.auth.permissions import Proposes, Reads
from approvals.api.base import openapi
from approvals.api.base.call import Call
from approvals.api.base.multipart import FilesParser, Multipart, Part
from approvals.api.serializers import action as action_serializer
from approvals.api.serializers.fields import path_to
from approvals.api.serializers.parts import AttachmentOut
from approvals.api.serializers.requests import FileIn
from approvals.errors import Malformed
from approvals.queries.record.related import attachments
from approvals.services.attachments import uploads

FILE = "file"
_ONE = "Send one file, in a part named file, and no other part."


class Attachments(Call):
    """``attachments/``."""

    allowed: ClassVar = {"POST": Proposes}
    most_files: ClassVar = 1
    parser_classes = (FilesParser,)

    @extend_schema(
        operation_id="upload_attachment",
        summary="Upload a file to attach to actions",
        request={"multipart/form-data": FileIn},
        responses=openapi.answers(
            {
                201: OpenApiResponse(AttachmentOut, "Created. Name its ID in the `attachments` of a proposal."),
                200: OpenApiResponse(AttachmentOut, "This agent has uploaded the same bytes with this name before."),
            },
            openapi.WITH_BODY,
        ),
    )
    def post(self, request: Request) -> Response:
        """The same bytes and name again are the same attachment. What no action takes within a day is removed."""
        sent: Any = request.data
        if not isinstance(sent, Multipart):
            raise Malformed(_ONE, field=FILE)
        with sent.closing() as files:
            if set(files) != {FILE} or sent.texts:
                raise Malformed(_ONE, field=FILE)
            done = uploads.upload(actor=self.actor, at=self.moment, received=files[FILE].received)
        told = action_serializer.attachment_of(done.attachment) | {"sha256": done.attachment.sha256}
        headers = {"Location": path_to(f"attachments/{done.attachment.pk}/")}
        return Response(told, status=201 if done.is_new else 200, headers=headers)


class OneAttachment(Call):
    """``attachments/{id}/``."""

    allowed: ClassVar = {"GET": Reads}

    @openapi.reads("get_attachment", "Get an attachment", AttachmentOut)
    def get(self, request: Request, attachment_id: UUID) -> Response:
        """Returns what is known of a file: for its agent, and for people who can see an action that has it."""
        found = attachments.visible(self.actor, attachment_id)
        # Of a file that is erased later, a person could otherwise still prove what it was.
        sha256 = found.sha256 if self.actor.agent is not None else None
        return Response(action_serializer.attachment_of(found) | {"sha256": sha256})


def named(document: Any, files: Mapping[str, Part]) -> tuple[Any, dict[str, UUID]]:
    """The JSON of a proposal whose evidence names parts, with an ID in place of each name; and these IDs.

    They stand for the files until these are stored, so that nothing is stored for a proposal that is not valid.
    """
    stand_ins = {name: uuid4() for name in files}
    if not isinstance(document, dict):
        return document, stand_ins
    listed, evidence = document.get("attachments", []), document.get("evidence")
    document = dict(document)
    if isinstance(listed, list):
        document["attachments"] = [*listed, *map(str, stand_ins.values())]
    if isinstance(evidence, list):
        document["evidence"] = [_pointed(item, stand_ins) for item in evidence]
    return document, stand_ins


def settled(body: dict[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a proposal with the real IDs of its files."""
    listed = [UUID(known.get(str(each), str(each))) for each in body["attachments"]]
    evidence = [_pointed(item, known) for item in body["evidence"]]
    return body | {"attachments": listed, "evidence": evidence}


def _pointed(item: Any, ids: Mapping[str, Any]) -> Any:
    name = item.get("attachment") if isinstance(item, dict) else None
    return {**item, "attachment": str(ids[name])} if isinstance(name, str) and name in ids else item
