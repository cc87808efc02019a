"""What `manage.py check --deploy` adds: what must be there before HITL starts, each with a sentence and a hint."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

SECONDS = 10.0
# What else is amber, the operator allowed by name in HITL_ALLOW.
WARNED = ("role",)
CODES = ("static files", "database", "role", "migrations", "decision keys", "broker", "mail", "attachments")


def parts_answer(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """Ask the database, the broker and the mail server, and look for static files and migrations."""
    # Named, not imported: what reads models can only be loaded once every app is there.
    examine = import_string("approvals.management.doctor.finding.examine")
    parts = import_string("approvals.management.doctor.parts.BEFORE_A_START")
    found = examine(parts, SECONDS)
    return [_message(each) for each in found if each.level == "red" or (each.level == "amber" and each.part in WARNED)]


def _message(finding: Any) -> CheckMessage:
    kind, letter = (Error, "E") if finding.level == "red" else (Warning, "W")
    code = f"hitl.{letter}{CODES.index(finding.part) + 1:03}"
    return kind(f"{finding.part.capitalize()}: {finding.words}", hint=finding.hint, id=code)
