"""Evidence of proposals and answers."""

from typing import Any
from uuid import UUID

from rest_framework import serializers

from approvals.api.serializers.fields import JSONValue, StrictInteger, StrictSerializer, Text


class EvidenceIn(StrictSerializer):
    """One piece of evidence: a label with either a value or a URL."""

    value = JSONValue(required=False)
    url = Text(required=False, max_length=2_000)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `label`, an attribute name that serializer fields already use."""
        return super().get_fields() | {"label": Text(max_length=200)}

    def validate_url(self, url: str) -> str:
        """Accept web URLs only; they are still shown as plain text."""
        if not url.startswith(("https://", "http://")):
            raise serializers.ValidationError("The URL must start with https:// or http://.")
        return url

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require exactly one of value and url."""
        if ("value" in attrs) == ("url" in attrs):
            raise serializers.ValidationError("Send exactly one of value and url.")
        return dict(attrs)


class PointingIn(EvidenceIn):
    """Evidence that may say which field it is for, and where it stands: on a page of an attachment, as quoted.

    It has a value, a URL, or an attachment.
    """

    field = Text(required=False, max_length=500)
    attachment = serializers.UUIDField(required=False)
    page = StrictInteger(required=False, min_value=1, max_value=100_000)
    quote = Text(required=False, max_length=500)

    def validate_attachment(self, attachment: UUID) -> str:
        """Keep the ID as text."""
        return str(attachment)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of value and url, or an attachment."""
        if "attachment" not in attrs:
            return super().validate(attrs)
        if "value" in attrs and "url" in attrs:
            raise serializers.ValidationError("Send at most one of value and url with an attachment.")
        return dict(attrs)
