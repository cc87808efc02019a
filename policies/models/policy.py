"""A policy and its versions; at most one version is in force."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from policies.seals import Sealed


class VersionState(models.TextChoices):
    """State of a version: draft, then published (in force), then retired."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("In force")
    RETIRED = "retired", _("Retired")


class HistoryRow(models.Model):
    """Extra field of each history row: the interface of the change."""

    door = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        abstract = True


class Policy(models.Model):
    """A named set of rules for some action types, or for the whole organization."""

    name = models.SlugField(_("name"), max_length=64, unique=True)
    title = models.CharField(_("title"), max_length=500)

    history = HistoricalRecords(
        bases=[HistoryRow],
        history_id_field=models.UUIDField(default=uuid.uuid4),
        history_change_reason_field=models.TextField(null=True),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return self.title


class Version(Sealed):
    """One version of a policy: its text, and the canonical JSON that the digest covers."""

    # The digest covers the canonical text, and the database fixes both texts.
    unsealed = Sealed.unsealed | {"source", "canonical"}

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"))
    source = models.TextField(_("source text"))
    canonical = models.TextField(_("canonical JSON"))
    digest = models.CharField(_("digest"), max_length=64)
    state = FSMField(_("state"), default=VersionState.DRAFT, choices=VersionState.choices, protected=False)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), null=True)
    retired_at = models.DateTimeField(_("retired"), null=True)
    is_solo = models.BooleanField(
        _("self-published"), default=False, help_text=_("Drafted and published by the same person.")
    )

    history = HistoricalRecords(
        bases=[HistoryRow],
        excluded_fields=["source", "canonical", "seal"],
        history_id_field=models.UUIDField(default=uuid.uuid4),
        history_change_reason_field=models.TextField(null=True),
    )

    class Meta:
        ordering = ("policy", "-number")
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=models.Q(state="published"), name="policy_version_in_force_once"
            ),
            models.CheckConstraint(
                condition=models.Q(published_by__isnull=True)
                | ~models.Q(published_by=models.F("drafted_by"))
                | models.Q(is_solo=True),
                name="policy_version_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_by__isnull=True, published_at__isnull=True)
                | models.Q(~models.Q(state="draft"), published_by__isnull=False, published_at__isnull=False),
                name="policy_version_published_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"

    @transition(field=state, source=VersionState.DRAFT, target=VersionState.PUBLISHED)
    def publish(self, *, by: models.Model, at: datetime, is_solo: bool) -> None:
        """Publish the version; the caller has retired the previous one and saves both."""
        self.published_by_id = by.pk
        self.published_at = at
        self.is_solo = is_solo

    @transition(field=state, source=VersionState.PUBLISHED, target=VersionState.RETIRED)
    def retire(self, *, at: datetime) -> None:
        """Retire the version."""
        self.retired_at = at
