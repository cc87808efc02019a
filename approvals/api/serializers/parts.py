"""Parts that several response shapes share."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers as s

from approvals.api.serializers.fields import Amount, Digest, JSONValue, Path, Payload, Words
from approvals.states import ActionState, DecisionSource, DecisionType, ExecutionState, Stakes, Tier

Shape = s.Serializer[Any]

OUTCOMES = ["auto", "review", "escalate", "block"]
TIERS = [tier.name.lower() for tier in Tier]


Fault = inline_serializer("Fault", {"pointer": Words(), "message": Words()}, many=True, required=False)
Change = {"pointer": Words(), "from": JSONValue(allow_null=True), "to": JSONValue(allow_null=True)}
Warned: dict[str, s.Field[Any, Any, Any, Any]] = {
    "code": s.CharField(max_length=40),
    "message": Words(),
    "next_on_duty_at": s.DateTimeField(allow_null=True),
}
Money = {"amount": Amount(), "currency": s.CharField(max_length=3)}
Links = {
    "self": Path(),
    "review": s.URLField(help_text="The page for people, on the address of the installation."),
    "timeline": Path(),
    "receipt": Path(allow_null=True),
}


class RevisionOut(Shape):
    """The current payload."""

    number = s.IntegerField()
    digest = Digest()
    payload = Payload()
    author = Words()


class BoundOut(Shape):
    """What the digest covers beside the payload. `until`, `attachments` and `client` are absent if there are none."""

    action = s.UUIDField()
    revision = s.IntegerField()
    type = s.IntegerField()
    type_version = s.IntegerField()
    agent = s.IntegerField()
    nonce = s.RegexField("^[0-9a-f]{32}$")
    until = s.CharField(max_length=32, required=False)
    attachments = s.ListField(child=Digest(), required=False)
    client = s.IntegerField(required=False)


class PastRevisionOut(RevisionOut):
    """One version of the payload. Its digest is the SHA-256 of the RFC 8785 text of `bound` with `payload` added."""

    created_at = s.DateTimeField()
    bound = BoundOut()


class TwinDecisionOut(Shape):
    """How another action was decided."""

    verdict = s.ChoiceField(choices=DecisionType.choices)
    by = Words()
    at = s.DateTimeField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `source`, which serializer fields already use."""
        return super().get_fields() | {"source": s.ChoiceField(choices=DecisionSource.choices)}


class DuplicateOut(Shape):
    """Another action with the same document number that the caller can see."""

    id = s.UUIDField()
    state = s.ChoiceField(choices=ActionState.choices)
    amount = inline_serializer("DuplicateMoney", dict(Money), allow_null=True)
    created_at = s.DateTimeField()
    decision = TwinDecisionOut(allow_null=True)
    links = inline_serializer("DuplicateLinks", dict(Links))


Flag: dict[str, s.Field[Any, Any, Any, Any]] = {
    "code": s.CharField(max_length=40),
    "pointer": Words(),
    "sentence": Words(),
    "other": DuplicateOut(allow_null=True),
}


class EndOut(Shape):
    """How the effect ends. The state `ready` means that the end is still to come."""

    state = s.ChoiceField(choices=ExecutionState.choices)
    at = s.DateTimeField()
    is_early = s.BooleanField()
    finished_at = s.DateTimeField(allow_null=True)
    error = Words(allow_null=True)


class HeldOut(Shape):
    """An attachment of an action. An erased one has no name."""

    id = s.UUIDField()
    name = s.CharField(max_length=200)
    media_type = s.CharField(max_length=64)
    size = s.IntegerField()
    erased_at = s.DateTimeField(allow_null=True)


class AttachmentOut(HeldOut):
    """An uploaded file. `media_type` is what its content was recognized as."""

    sha256 = s.CharField(max_length=64, allow_null=True, help_text="Only for the agent of the file.")


class DeskOut(Shape):
    """A person's authority at one desk."""

    desk = s.CharField(max_length=64)
    client = s.CharField(max_length=64, allow_null=True)
    covers_clients = s.BooleanField()
    tier = s.ChoiceField(choices=TIERS)
    max_stakes = s.ChoiceField(choices=Stakes.choices)
    ceilings = inline_serializer("Ceiling", dict(Money), many=True)
    daily_ceilings = inline_serializer("DailyCeiling", dict(Money), many=True)
