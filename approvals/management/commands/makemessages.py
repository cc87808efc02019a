"""Django's makemessages, which here also collects the messages of refusals and of the policy engine."""

from typing import Any

from django.core.management.commands import makemessages

from approvals import errors


class Command(makemessages.Command):
    """Django's command, with the first argument of each refusal as a message."""

    xgettext_options = [
        *makemessages.Command.xgettext_options,
        *(f"--keyword={name}" for name, found in sorted(vars(errors).items()) if isinstance(found, type)),
        # Sentences of the policy engine, which knows no Django.
        *("--keyword=say", "--keyword=message", "--keyword=doubt"),
    ]

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect messages everywhere except in the REST API, which is English only."""
        options["ignore_patterns"] = [*options["ignore_patterns"], "approvals/api/*"]
        super().handle(*args, **options)
