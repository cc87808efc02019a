"""Refusals of both apps: each class docstring is its default message, and `code` is its stable name.

Machines and the record get the message in English; people get it in their own language. Placeholders are filled from
`said`. `manage.py makemessages` finds the messages by the names of these classes.
What is refused for a policy stands here, everything else in `approvals.errors`.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from django.db.models import Choices
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from policies.engine.values.said import Said
from policies.words import in_words


class Refused(Exception):
    __doc__ = _("The request was refused.")

    code: ClassVar[str] = "refused"

    def __init__(self, message: str = "", *, said: Mapping[str, Any] | None = None, **details: Any) -> None:
        self._sentence, self._said = message or (type(self).__doc__ or ""), said
        self.message = self._sentence if said is None else self._sentence.format_map(said)
        self.details = details
        self._follow_ups: list[Callable[[], object]] = []
        super().__init__(self.message)

    @property
    def in_words(self) -> str:
        """The message in the language of the current reader."""
        sentence = gettext(self._sentence)
        if self._said is None:
            return sentence
        return sentence.format_map({name: _in_words(value) for name, value in self._said.items()})

    def followed_by(self, step: Callable[[], object]) -> Self:
        """Have `service` run the step in a transaction of its own, once the refused one is rolled back."""
        self._follow_ups.append(step)
        return self

    def take_follow_ups(self) -> list[Callable[[], object]]:
        """Return the steps that are still to run, in order, and forget them: each runs once."""
        steps, self._follow_ups = self._follow_ups, []
        return steps


class SamePerson(Refused):
    __doc__ = _("The author of a version cannot publish it. Ask someone else to publish it.")
    code = "self_publication"


class NotADraft(Refused):
    __doc__ = _("This version is no longer a draft. Create a new draft.")
    code = "not_a_draft"


class NotInForce(Refused):
    __doc__ = _("This version is not in force, so it cannot be retired.")
    code = "not_in_force"


class Overtaken(Refused):
    __doc__ = _("A newer version is already in force. Base your draft on that version.")
    code = "overtaken"


class StaleVersion(Refused):
    __doc__ = _("The version’s digest differs from the one shown. Review the version again.")
    code = "stale_version"


class TestsFail(Refused):
    __doc__ = _("A policy test fails. Correct the rules or the test, then create a new draft.")
    code = "tests_fail"
    __test__ = False


class UnknownVersion(Refused):
    __doc__ = _("Version not found. Check the policy’s name and the version number.")
    code = "unknown_version"


class WrongName(Refused):
    __doc__ = _("The document names a different policy. Correct its `policy` field.")
    code = "wrong_name"


def _in_words(value: Any) -> Any:
    if isinstance(value, Choices):
        return str(value.label).lower()
    return in_words(value) if isinstance(value, Said) else value
