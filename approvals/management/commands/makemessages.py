"""Django's makemessages, which here also collects the messages of refusals."""

from typing import Any

from django.core.management.commands import makemessages

from approvals import errors
from policies import errors as policy_errors


class Command(makemessages.Command):
    """Django's command, with the first argument of each refusal as a message."""

    xgettext_options = makemessages.Command.xgettext_options + [
        f"--keyword={name}"
        for name, found in sorted((vars(policy_errors) | vars(errors)).items())
        if isinstance(found, type)
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect messages everywhere except in the REST API, which is English only."""
        options["ignore_patterns"] = [*options["ignore_patterns"], "approvals/api/*"]
        super().handle(*args, **options)
