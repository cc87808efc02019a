"""Notes on an action: comments, a reviewer's questions and the agent's answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.ids import uuid7
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.ledger import LedgerEntry
from approvals.models.people import Person
from approvals.models.revisions import Revision
from approvals.models.texts import Text


class NoteKind(models.TextChoices):
    """Kind of a note."""

    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    ANSWER = "answer", _("Answer")
    HANDOVER = "handover", _("Handover")


class Note(models.Model):
    """One note by a person or the action's agent; only ``is_open`` ever changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    text = models.OneToOneField(Text, on_delete=models.PROTECT, related_name="note")
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="answered_by")
    # The revision that an answer brought, if any.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    handed_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    is_open = models.BooleanField(_("open"), default=False)
    at = models.DateTimeField(_("created"))
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="note")

    class Meta:
        ordering = ("id",)
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(agent__isnull=True), name="note_of_person_or_agent"
            ),
            models.CheckConstraint(
                condition=models.Q(is_open=False) | models.Q(kind=NoteKind.QUESTION), name="note_open_question"
            ),
            models.CheckConstraint(
                condition=models.Q(handed_to__isnull=True) ^ models.Q(kind=NoteKind.HANDOVER), name="note_handed_to"
            ),
        ]
        # What waits for an answer: the inbox, and the next action of a reviewer.
        indexes = [models.Index("action", condition=models.Q(is_open=True), name="note_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.author}"

    @property
    def author(self) -> Person | Agent | None:
        """The author of the note."""
        return self.person or self.agent

    @property
    def words(self) -> str:
        """The text of the note; empty if it was erased."""
        return str(self.text.content.get("text", ""))

    @property
    def told(self) -> str:
        """The text of the note, with the recipient of a handover."""
        if self.handed_to is None:
            return self.words
        return str(_("To %(name)s: %(words)s") % {"name": self.handed_to, "words": self.words})

    @property
    def evidence(self) -> list[dict[str, object]]:
        """The evidence attached to an answer."""
        return list(self.text.content.get("evidence", []))

    def settle(self) -> None:
        """Close the question."""
        self.is_open = False
