"""Agents: the programs that propose actions, each with an owner."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.action_types import ActionType
from approvals.models.clients import Client
from approvals.models.history import History
from approvals.models.people import Person
from approvals.models.recorded import Recorded
from approvals.states import Mode


class Agent(Recorded):
    """A program that proposes actions; its owner is accountable for it."""

    name = models.SlugField(_("name"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=120)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agents")
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("client"),
        help_text=_("The agent proposes for this client only. Leave empty for any client."),
    )
    version = models.CharField(_("version"), max_length=40, blank=True, default="")
    is_active = models.BooleanField(_("active"), default=True)
    mode = models.CharField(
        _("mode"),
        max_length=20,
        choices=Mode.choices,
        null=True,
        blank=True,
        help_text=_("The stricter of this mode and the action type’s mode applies."),
    )
    person = models.OneToOneField(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=_("Person who starts actions through this agent. An agent that represents a person never has a key."),
    )

    # Which agents somebody owned lately.
    history = History(found_by=["owner"])

    class Meta:
        ordering = ("name",)
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return self.title

    def mode_for(self, kind: ActionType) -> Mode:
        """Return the stricter of the action type's mode and the agent's.

        An action started by a person always needs another person's decision.
        """
        if self.person_id is not None:
            return Mode.IN_COMMAND
        modes = list(Mode)
        return min((Mode(mode) for mode in (kind.mode, self.mode) if mode), key=modes.index)
