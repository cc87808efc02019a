"""Collect what is to be translated: Django's command, which here knows the messages of refusals, too."""

from typing import Any

from django.core.management.commands import makemessages

from approvals import errors


class Command(makemessages.Command):
    """Django's own, told that the first argument of a refusal is a message, save where only machines read it."""

    xgettext_options = makemessages.Command.xgettext_options + [
        f"--keyword={name}" for name, found in sorted(vars(errors).items()) if isinstance(found, type)
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Leave out the REST API, which speaks English."""
        options["ignore_patterns"] = [*options["ignore_patterns"], "approvals/api/*"]
        super().handle(*args, **options)
