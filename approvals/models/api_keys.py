"""API keys of agents, and personal tokens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from approvals.models.agents import Agent
from approvals.models.history import History
from approvals.models.people import Person
from approvals.models.recorded import Recorded


class ApiKey(Recorded):
    """An agent's key or a personal token; it is shown once, and only its SHA-256 is stored."""

    identifier = models.CharField(_("id"), max_length=16, unique=True)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, null=True, blank=True, related_name="keys")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    holder = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text=_("Person who received the key.")
    )
    label = models.CharField(_("label"), max_length=120, blank=True, default="")
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    history = History(excluded_fields=["secret_hash"])

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agent__isnull=True) ^ models.Q(person__isnull=True), name="key_of_agent_or_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier} ({self.label or self.agent or self.person})"
