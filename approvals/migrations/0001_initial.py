"""Every table, as the models declare it."""

import approvals.ids
import approvals.models.amounts
import approvals.models.calendars
import approvals.models.history
import approvals.models.webhooks
import django.contrib.auth.models
import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_fsm
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class AtOnce(Operation):
    """Make all these models as they are at the end; one step after the other would take Django half a minute."""

    reduces_to_sql = False
    reversible = True

    def __init__(self, steps: list[Operation]) -> None:
        self.steps = steps

    def deconstruct(self) -> tuple[str, list[list[Operation]], dict[str, object]]:
        """As it would be written down."""
        return type(self).__name__, [self.steps], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take the steps on paper; the models are drawn once after the last of them, and not after each."""
        vars(state).pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables with all that belongs to them."""
        for model in self._models(app_label, to_state):
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Take the tables away."""
        for model in reversed(self._models(app_label, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        """What it does, in words."""
        return "Make all models at once"

    def _models(self, app_label: str, state: ProjectState) -> list[type[models.Model]]:
        names = [step.name for step in self.steps if isinstance(step, migrations.CreateModel)]
        return [state.apps.get_model(app_label, name) for name in names]


class Migration(migrations.Migration):
    """Make every table."""

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="Beat",
                    fields=[
                        (
                            "name",
                            models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="name"),
                        ),
                        ("at", models.DateTimeField(verbose_name="last seen")),
                    ],
                    options={
                        "verbose_name": "heartbeat",
                        "verbose_name_plural": "heartbeats",
                    },
                ),
                migrations.CreateModel(
                    name="Counter",
                    fields=[
                        ("id", models.CharField(editable=False, max_length=32, primary_key=True, serialize=False)),
                        ("scope", models.CharField(max_length=16, verbose_name="scope")),
                        ("number", models.BigIntegerField(default=0, verbose_name="actions")),
                        ("minor", models.BigIntegerField(default=0, verbose_name="total")),
                        ("at", models.DateTimeField(verbose_name="updated")),
                    ],
                    options={
                        "verbose_name": "counter",
                        "verbose_name_plural": "counters",
                    },
                ),
                migrations.CreateModel(
                    name="Desk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("slug", models.SlugField(max_length=64, unique=True, verbose_name="slug")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "is_solo",
                            models.BooleanField(
                                default=False,
                                help_text=(
                                    "At this desk, an agent’s owner can decide on the agent’s actions. Each "
                                    "of these decisions is recorded as an exception."
                                ),
                                verbose_name="single-reviewer desk",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "desk",
                        "verbose_name_plural": "desks",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Grants access to every form in the admin, including those for accounts, "
                                "groups, and passwords. Does not grant permission to decide on actions, "
                                "start actions or halts, override policy, publish policies, or use "
                                "break-glass access.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                        ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                        ("toured_at", models.DateTimeField(editable=False, null=True, verbose_name="tour completed")),
                        ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo login")),
                        (
                            "notification_mode",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("each", "Immediately"),
                                    ("many", "Immediately, or as a digest when many are pending"),
                                    ("digest", "Digest only"),
                                ],
                                max_length=8,
                                null=True,
                                verbose_name="notifications",
                            ),
                        ),
                        (
                            "digest_minutes",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="digest interval (minutes)"
                            ),
                        ),
                        ("digest_times", models.JSONField(blank=True, null=True, verbose_name="digest times")),
                        ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet hours start")),
                        ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet hours end")),
                        ("quiet_weekends", models.BooleanField(blank=True, null=True, verbose_name="quiet weekends")),
                        (
                            "hold_urgent",
                            models.BooleanField(blank=True, null=True, verbose_name="hold urgent notifications"),
                        ),
                        ("normalized_username", models.CharField(default="", editable=False, max_length=400)),
                        ("normalized_email", models.CharField(default="", editable=False, max_length=400)),
                        ("normalized_name", models.CharField(default="", editable=False, max_length=400)),
                        (
                            "counts_as",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "email_set_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="email address changed by",
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "password_set_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="password set by",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                    },
                    managers=[
                        ("objects", django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ActionType",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "name",
                            models.CharField(
                                max_length=80,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[a-z0-9_]+(\\.[a-z0-9_]+)*$",
                                        "Use lowercase words joined by dots, for example invoice.post.",
                                    )
                                ],
                                verbose_name="name",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("description", models.TextField(blank=True, default="", verbose_name="description")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="schema version")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("schema", models.JSONField(default=dict, verbose_name="schema")),
                        ("schema_text", models.TextField(editable=False, null=True, verbose_name="schema source")),
                        (
                            "amount_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the amount, for example /amount.",
                                max_length=120,
                                verbose_name="amount pointer",
                            ),
                        ),
                        (
                            "currency_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the currency code, for example /currency.",
                                max_length=120,
                                verbose_name="currency pointer",
                            ),
                        ),
                        (
                            "subject_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text=(
                                    "JSON Pointer to the customer, supplier, or other party that the action "
                                    "is about, for example /issuer."
                                ),
                                max_length=120,
                                verbose_name="subject pointer",
                            ),
                        ),
                        (
                            "reference_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the document number, for example /invoice_number.",
                                max_length=120,
                                verbose_name="document number pointer",
                            ),
                        ),
                        (
                            "automation_requires",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text='JSON Pointers, for example ["/amount", "/currency"].',
                                verbose_name="fields required for automation",
                            ),
                        ),
                        (
                            "summary",
                            models.CharField(
                                help_text="Put fields in braces, for example “Post invoice {/invoice_number} from "
                                "{/issuer} for {amount}”.",
                                max_length=240,
                                verbose_name="summary template",
                            ),
                        ),
                        (
                            "lookups",
                            models.JSONField(
                                blank=True,
                                help_text='Lookups to run before review, for example [{"name": "role", "source": "directory", "target": {"entry": "{/email}"}}].',
                                null=True,
                                verbose_name="lookups",
                            ),
                        ),
                        (
                            "recheck_lookups",
                            models.BooleanField(
                                default=False,
                                help_text="If a lookup result has changed since the decision, the action goes back to a reviewer.",
                                verbose_name="repeat lookups before execution",
                            ),
                        ),
                        ("reasons", models.JSONField(blank=True, null=True, verbose_name="reason codes")),
                        (
                            "reject_needs",
                            models.CharField(
                                choices=[
                                    ("nothing", "Nothing"),
                                    ("reason", "A reason"),
                                    ("code", "A predefined reason"),
                                ],
                                default="nothing",
                                help_text="What reviewers have to give when they reject an action of this type.",
                                max_length=8,
                                verbose_name="needed for a rejection",
                            ),
                        ),
                        (
                            "reviewer_sees",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text='Evidence to show first, by name, for example ["source file"].',
                                verbose_name="evidence order",
                            ),
                        ),
                        (
                            "attachment_count",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="How many files an action can have, from 0 to 20.",
                                validators=[django.core.validators.MaxValueValidator(20)],
                                verbose_name="attachments per action",
                            ),
                        ),
                        (
                            "attachment_mib",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="How large one file can be. The installation’s limit also applies.",
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="attachment size (MiB)",
                            ),
                        ),
                        (
                            "attachment_types",
                            models.JSONField(
                                blank=True,
                                help_text=(
                                    'Media types of files, for example ["application/pdf"]. Leave empty to allow all '
                                    "known types."
                                ),
                                null=True,
                                verbose_name="attachment media types",
                            ),
                        ),
                        (
                            "reversibility",
                            models.CharField(
                                choices=[("reversible", "Reversible"), ("irreversible", "Irreversible")],
                                max_length=16,
                                verbose_name="reversibility",
                            ),
                        ),
                        (
                            "stakes",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                                verbose_name="stakes",
                            ),
                        ),
                        (
                            "has_external_impact",
                            models.BooleanField(default=False, verbose_name="has external effects"),
                        ),
                        ("data_classes", models.JSONField(blank=True, default=list, verbose_name="data classes")),
                        ("domain", models.CharField(blank=True, default="", max_length=40, verbose_name="domain")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("human_in_command", "Human in command"),
                                    ("in_the_loop", "Human in the loop"),
                                    ("on_the_loop", "Human on the loop"),
                                    ("autonomous", "Autonomous"),
                                ],
                                default="in_the_loop",
                                max_length=20,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "low_confidence",
                            models.FloatField(
                                blank=True,
                                help_text="From 0 to 1, for example 0.7. An action without a confidence value always counts as low.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(1),
                                ],
                                verbose_name="low-confidence threshold",
                            ),
                        ),
                        (
                            "edge_case_tier",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(1, "Junior"), (2, "Senior")],
                                help_text="Notified if there is no edge-case contact.",
                                null=True,
                                verbose_name="edge-case tier",
                            ),
                        ),
                        ("policy", models.SlugField(max_length=64, verbose_name="policy")),
                        (
                            "standing_rule_approvers",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(0, "Not allowed"), (1, "One reviewer"), (2, "Two reviewers")],
                                help_text="Leave empty to require only one reviewer.",
                                null=True,
                                verbose_name="standing rule approval",
                            ),
                        ),
                        (
                            "standing_decisions",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Multiple of the author’s ceiling. If the author’s rules exceed this limit, a "
                                "second person must confirm the new rule. The default is 1 for the author and 10 "
                                "for the person who confirms.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="24-hour limit for standing rules",
                            ),
                        ),
                        (
                            "sample_rate",
                            models.FloatField(
                                blank=True,
                                help_text="Share of automatic runs to spot-check, from 0 to 1. Leave empty for 0.05 (5%). "
                                "Enter 0 to check none.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(1),
                                ],
                                verbose_name="spot check rate",
                            ),
                        ),
                        (
                            "execution",
                            models.CharField(
                                choices=[("connector", "Connector"), ("agent", "Agent")],
                                max_length=12,
                                verbose_name="executed by",
                            ),
                        ),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("target", models.JSONField(blank=True, default=dict, verbose_name="connector target")),
                        (
                            "ends",
                            models.CharField(
                                choices=[("never", "Never"), ("optional", "Optional"), ("required", "Required")],
                                default="never",
                                help_text="Whether an action may or must have an end. At its end, or earlier if someone ends it, the connector reverses the effect.",
                                max_length=8,
                                verbose_name="end",
                            ),
                        ),
                        (
                            "longest_seconds",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="How far in the future an end may be, for example 604800 for 7 days. Leave empty for no limit.",
                                null=True,
                                verbose_name="longest duration (seconds)",
                            ),
                        ),
                        (
                            "undo_seconds",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="undo window (seconds)"),
                        ),
                        (
                            "valid_seconds",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="approval validity period (seconds)"
                            ),
                        ),
                        (
                            "confidence_group",
                            models.ForeignKey(
                                blank=True,
                                help_text="Person or group to notify when confidence is below the threshold.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                                verbose_name="low-confidence group",
                            ),
                        ),
                        (
                            "confidence_person",
                            models.ForeignKey(
                                blank=True,
                                help_text="Person or group to notify when confidence is below the threshold.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="low-confidence contact",
                            ),
                        ),
                        (
                            "edge_case_owner",
                            models.ForeignKey(
                                blank=True,
                                help_text="Person to notify when data is missing or looks wrong.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="edge-case contact",
                            ),
                        ),
                        (
                            "overriders",
                            models.ForeignKey(
                                blank=True,
                                help_text="Only senior reviewers in this group can override policy. Leave empty to "
                                "allow every senior reviewer with override permission.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                                verbose_name="override group",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="outcome owner",
                            ),
                        ),
                        (
                            "responsible",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reversal_type",
                            models.ForeignKey(
                                blank=True,
                                help_text=(
                                    "Action type that reverses actions of this type (optional). It must "
                                    "belong to the same desk."
                                ),
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.actiontype",
                                verbose_name="reversed by",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="action_types",
                                to="approvals.desk",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action type",
                        "verbose_name_plural": "action types",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Agent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("name", models.SlugField(max_length=64, unique=True, verbose_name="name")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("version", models.CharField(blank=True, default="", max_length=40, verbose_name="version")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "mode",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("human_in_command", "Human in command"),
                                    ("in_the_loop", "Human in the loop"),
                                    ("on_the_loop", "Human on the loop"),
                                    ("autonomous", "Autonomous"),
                                ],
                                help_text="The stricter of this mode and the action type’s mode applies.",
                                max_length=20,
                                null=True,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="agents",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                blank=True,
                                editable=False,
                                help_text="Person who starts actions through this agent. An agent that represents a person never has a key.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agent",
                        "verbose_name_plural": "agents",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="Action",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("modified", "Modified"),
                                    ("rejected", "Rejected"),
                                    ("executing", "Executing"),
                                    ("executed", "Executed"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="proposed",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                        ("idempotency_key", models.CharField(max_length=200, verbose_name="idempotency key")),
                        ("request_digest", models.CharField(max_length=64)),
                        ("confidence", models.FloatField(null=True, verbose_name="confidence")),
                        (
                            "on_behalf_of",
                            models.CharField(blank=True, default="", max_length=200, verbose_name="on behalf of"),
                        ),
                        ("requesters", models.JSONField(editable=False, null=True)),
                        ("thread", models.CharField(blank=True, default="", max_length=200, verbose_name="thread")),
                        ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="subject")),
                        (
                            "normalized_subject",
                            models.CharField(blank=True, default="", editable=False, max_length=400),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, default="", max_length=120, verbose_name="document number"),
                        ),
                        (
                            "duplicate_fingerprint",
                            models.CharField(blank=True, default="", editable=False, max_length=32),
                        ),
                        (
                            "amount",
                            approvals.models.amounts.AmountField(
                                decimal_places=18, max_digits=36, null=True, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                        (
                            "amount_base",
                            approvals.models.amounts.AmountField(
                                decimal_places=18,
                                max_digits=36,
                                null=True,
                                verbose_name="amount in the base currency",
                            ),
                        ),
                        ("missing", models.JSONField(default=list, verbose_name="missing fields")),
                        ("flags", models.JSONField(default=list, verbose_name="flags")),
                        ("risk", models.PositiveSmallIntegerField(default=0, verbose_name="risk score")),
                        (
                            "required_tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], default=1, verbose_name="required tier"
                            ),
                        ),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("created_at", models.DateTimeField(verbose_name="proposed")),
                        ("routed_at", models.DateTimeField(null=True, verbose_name="routed")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                        ("executed_at", models.DateTimeField(null=True, verbose_name="executed")),
                        ("expires_at", models.DateTimeField(null=True, verbose_name="expires")),
                        ("until", models.DateTimeField(null=True, verbose_name="until")),
                        ("is_live", models.BooleanField(default=False, verbose_name="in effect")),
                        ("warnings", models.JSONField(editable=False, null=True, verbose_name="warnings")),
                        ("next_lookup_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "assigned_group",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                            ),
                        ),
                        (
                            "assigned_person",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "overridden_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "overrides",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="overridden_as",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverses",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="approvals.action",
                            ),
                        ),
                        ("depth", models.PositiveSmallIntegerField(default=0, editable=False)),
                        (
                            "action_type",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "assigned_desk",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="approvals.desk",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "action",
                        "verbose_name_plural": "actions",
                        "ordering": ("-id",),
                        "permissions": [("override_policy", "Can override policy blocks")],
                    },
                ),
                migrations.CreateModel(
                    name="Backlog",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("limit", models.PositiveIntegerField(verbose_name="limit")),
                        ("began_at", models.DateTimeField(verbose_name="began")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "backlog",
                        "verbose_name_plural": "backlogs",
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("digest", models.CharField(max_length=64, verbose_name="reviewed digest")),
                        (
                            "target_digest",
                            models.CharField(blank=True, default="", max_length=64, verbose_name="target digest"),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("approve", "Approved"),
                                    ("modify", "Modified"),
                                    ("reject", "Rejected"),
                                    ("escalate", "Escalated"),
                                    ("undo", "Undone"),
                                    ("expire", "Expired"),
                                ],
                                max_length=10,
                                verbose_name="decision type",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("person", "Person"),
                                    ("policy", "Policy"),
                                    ("standing_rule", "Standing rule"),
                                    ("deadline", "Deadline"),
                                    ("check", "Automatic check"),
                                ],
                                max_length=14,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], null=True, verbose_name="tier"
                            ),
                        ),
                        ("is_by_member", models.BooleanField(default=False)),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                max_length=16,
                                verbose_name="entry point",
                            ),
                        ),
                        ("is_final", models.BooleanField(default=False, verbose_name="final")),
                        ("is_exception", models.BooleanField(default=False, verbose_name="exception")),
                        (
                            "reason_code",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="reason code"),
                        ),
                        ("at", models.DateTimeField(verbose_name="decided")),
                        ("final_at", models.DateTimeField(null=True, verbose_name="final at")),
                        ("mac", models.CharField(max_length=80)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "delegator",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="on behalf of",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decisions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "decision",
                        "verbose_name_plural": "decisions",
                        "ordering": ("-at",),
                    },
                ),
                migrations.CreateModel(
                    name="Calendar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                help_text=(
                                    "For example, Europe/Berlin. Working hours and holidays use this time zone."
                                ),
                                max_length=64,
                                validators=[approvals.models.calendars.known_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "desk",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calendar",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "calendar",
                        "verbose_name_plural": "calendars",
                        "ordering": ("desk",),
                    },
                ),
                migrations.CreateModel(
                    name="Employee",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "key",
                            models.CharField(
                                help_text="Email address or username, for example ana@example.com.",
                                max_length=254,
                                unique=True,
                                verbose_name="key",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "department",
                            models.CharField(blank=True, default="", max_length=120, verbose_name="department"),
                        ),
                        ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="job title")),
                        (
                            "attributes",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='Additional data for lookups, for example {"site": "Berlin"}.',
                                verbose_name="attributes",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("normalized_key", models.CharField(editable=False, max_length=400, unique=True)),
                        ("normalized_name", models.CharField(db_index=True, editable=False, max_length=400)),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="approvals.employee",
                                verbose_name="manager",
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                blank=True,
                                help_text="A manager needs a login to make decisions.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="employee",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="login",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "employee",
                        "verbose_name_plural": "employees",
                        "ordering": ("name", "key"),
                    },
                ),
                migrations.CreateModel(
                    name="Execution",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("digest", models.CharField(max_length=64, verbose_name="approved digest")),
                        (
                            "mode",
                            models.CharField(
                                choices=[("connector", "Connector"), ("agent", "Agent")],
                                max_length=12,
                                verbose_name="executed by",
                            ),
                        ),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("target_digest", models.CharField(max_length=64, verbose_name="target digest")),
                        ("target", models.JSONField(null=True, verbose_name="connector target")),
                        ("end_number", models.PositiveSmallIntegerField(default=0, verbose_name="end number")),
                        ("is_early", models.BooleanField(default=False, verbose_name="ended early")),
                        ("cancel_asked_at", models.DateTimeField(null=True, verbose_name="cancellation requested")),
                        ("key", models.CharField(max_length=64, verbose_name="idempotency key")),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("ready", "Ready"),
                                    ("running", "Running"),
                                    ("succeeded", "Succeeded"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("canceled", "Canceled"),
                                ],
                                default="ready",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("not_before", models.DateTimeField(verbose_name="earliest start")),
                        ("expires_at", models.DateTimeField(verbose_name="approval expires")),
                        ("fence", models.PositiveIntegerField(default=0, verbose_name="fence")),
                        ("leased_until", models.DateTimeField(null=True, verbose_name="lease expires")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        ("lapses", models.PositiveSmallIntegerField(default=0, verbose_name="lapsed leases")),
                        ("result", models.JSONField(null=True, verbose_name="result")),
                        ("error", models.TextField(blank=True, default="", verbose_name="error")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("dispatched_at", models.DateTimeField(null=True, verbose_name="dispatched")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="executions",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "reverses",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ends",
                                to="approvals.execution",
                            ),
                        ),
                        (
                            "waits_for",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "execution",
                        "verbose_name_plural": "executions",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("dispatching", "Dispatching"),
                                    ("succeeded", "Succeeded"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("late", "Late response"),
                                ],
                                max_length=12,
                                verbose_name="step",
                            ),
                        ),
                        ("fence", models.PositiveIntegerField(verbose_name="fencing token")),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("detail", models.TextField(blank=True, default="", verbose_name="details")),
                        (
                            "execution",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempt_rows",
                                to="approvals.execution",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attempt",
                        "verbose_name_plural": "attempts",
                        "ordering": ("execution", "number", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalStage",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("people", "People"), ("check", "Automatic check")],
                                default="people",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("open", "Open"),
                                    ("satisfied", "Satisfied"),
                                    ("refused", "Rejected"),
                                    ("expired", "Expired"),
                                    ("superseded", "Superseded"),
                                ],
                                default="open",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], verbose_name="tier"
                            ),
                        ),
                        ("step", models.JSONField(verbose_name="policy step")),
                        ("note", models.CharField(max_length=200, null=True, verbose_name="assignment note")),
                        (
                            "is_other_desk",
                            models.BooleanField(default=False, verbose_name="assigned to a different desk"),
                        ),
                        ("quorum", models.PositiveSmallIntegerField(default=1, verbose_name="approvals needed")),
                        ("is_escalated", models.BooleanField(default=False, verbose_name="escalated")),
                        ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("on_timeout", models.CharField(default="expire", max_length=12, verbose_name="when overdue")),
                        ("remind_at", models.DateTimeField(null=True, verbose_name="reminder due")),
                        ("reminded_at", models.DateTimeField(null=True, verbose_name="reminder sent")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="auth.group",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical stage",
                        "verbose_name_plural": "historical stages",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Installation",
                    fields=[
                        (
                            "id",
                            models.PositiveSmallIntegerField(
                                default=1, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("live_since", models.DateTimeField(verbose_name="live since")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "installation",
                        "verbose_name_plural": "installations",
                    },
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("event", models.CharField(max_length=40, verbose_name="event")),
                        (
                            "state_from",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("modified", "Modified"),
                                    ("rejected", "Rejected"),
                                    ("executing", "Executing"),
                                    ("executed", "Executed"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="previous state",
                            ),
                        ),
                        (
                            "state_to",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("modified", "Modified"),
                                    ("rejected", "Rejected"),
                                    ("executing", "Executing"),
                                    ("executed", "Executed"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="",
                                max_length=12,
                                verbose_name="new state",
                            ),
                        ),
                        ("actor", models.CharField(max_length=80, verbose_name="actor")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                max_length=16,
                                verbose_name="entry point",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("history_id", models.UUIDField(null=True)),
                        ("history_digest", models.CharField(blank=True, default="", max_length=64)),
                        ("data", models.TextField()),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="approvals.action",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ledger entry",
                        "verbose_name_plural": "ledger entries",
                    },
                ),
                migrations.CreateModel(
                    name="Hours",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ],
                                verbose_name="day",
                            ),
                        ),
                        ("begins", models.TimeField(verbose_name="from")),
                        (
                            "ends",
                            models.TimeField(
                                help_text="Enter 00:00 for midnight. Enter a night shift as two rows.",
                                verbose_name="until",
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hours",
                                to="approvals.calendar",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "working hours",
                        "verbose_name_plural": "working hours",
                        "ordering": ("weekday", "begins"),
                    },
                ),
                migrations.CreateModel(
                    name="Holiday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("on", models.DateField(verbose_name="date")),
                        ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="name")),
                        (
                            "calendar",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="holidays",
                                to="approvals.calendar",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "holiday",
                        "verbose_name_plural": "holidays",
                        "ordering": ("on",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTightening",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        ("changes", models.JSONField(verbose_name="changes")),
                        ("left_out", models.PositiveIntegerField(default=0, verbose_name="omitted records")),
                        (
                            "made_through",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                max_length=16,
                                verbose_name="entry point",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="changed")),
                        ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
                        ),
                        (
                            "revert_request",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                                verbose_name="request to revert",
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewed by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical tightening",
                        "verbose_name_plural": "historical tightenings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSubjectOwner",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("subject", models.CharField(max_length=200, verbose_name="subject")),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("spelled", models.CharField(editable=False, max_length=400)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical subject owner",
                        "verbose_name_plural": "historical subject owners",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalStandingRule",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("proposed", "Awaiting confirmation"),
                                    ("active", "Active"),
                                    ("stopped", "Ended"),
                                    ("expired", "Expired"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[("approve", "Always approve"), ("deny", "Always reject")],
                                max_length=8,
                                verbose_name="effect",
                            ),
                        ),
                        ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="subject")),
                        ("condition", models.TextField(blank=True, default="", verbose_name="condition")),
                        (
                            "max_amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=19, null=True, verbose_name="maximum amount"
                            ),
                        ),
                        ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                        ("count_per_day", models.PositiveIntegerField(null=True, verbose_name="actions per 24 hours")),
                        (
                            "sum_per_day",
                            models.DecimalField(
                                decimal_places=4, max_digits=19, null=True, verbose_name="total per 24 hours"
                            ),
                        ),
                        ("sample_rate", models.FloatField(default=0.05, verbose_name="spot check rate")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("made_at", models.DateTimeField(verbose_name="created")),
                        ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "end_reason",
                            models.CharField(blank=True, default="", max_length=500, verbose_name="reason for ending"),
                        ),
                        (
                            "agent_version",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="agent version"),
                        ),
                        ("type_version", models.PositiveIntegerField(verbose_name="schema version")),
                        ("target_digest", models.CharField(max_length=64)),
                        ("policies", models.JSONField(default=list, verbose_name="policies")),
                        ("waives", models.JSONField(default=list, verbose_name="bypassed rules")),
                        ("salt", models.CharField(max_length=32)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.decision",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical standing rule",
                        "verbose_name_plural": "historical standing rules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPerson",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Grants access to every form in the admin, including those for accounts, "
                                "groups, and passwords. Does not grant permission to decide on actions, "
                                "start actions or halts, override policy, publish policies, or use "
                                "break-glass access.",
                                verbose_name="superuser status",
                            ),
                        ),
                        ("time_zone", models.CharField(default="UTC", max_length=64, verbose_name="time zone")),
                        ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                        ("toured_at", models.DateTimeField(editable=False, null=True, verbose_name="tour completed")),
                        ("is_demo", models.BooleanField(default=False, editable=False, verbose_name="demo login")),
                        (
                            "notification_mode",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("each", "Immediately"),
                                    ("many", "Immediately, or as a digest when many are pending"),
                                    ("digest", "Digest only"),
                                ],
                                max_length=8,
                                null=True,
                                verbose_name="notifications",
                            ),
                        ),
                        (
                            "digest_minutes",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="digest interval (minutes)"
                            ),
                        ),
                        ("digest_times", models.JSONField(blank=True, null=True, verbose_name="digest times")),
                        ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet hours start")),
                        ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet hours end")),
                        ("quiet_weekends", models.BooleanField(blank=True, null=True, verbose_name="quiet weekends")),
                        (
                            "hold_urgent",
                            models.BooleanField(blank=True, null=True, verbose_name="hold urgent notifications"),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "email_set_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="email address changed by",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "password_set_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="password set by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical person",
                        "verbose_name_plural": "historical people",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalMembership",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], default=1, verbose_name="tier"
                            ),
                        ),
                        (
                            "max_stakes",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="high",
                                max_length=8,
                                verbose_name="maximum stakes",
                            ),
                        ),
                        (
                            "ceilings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Largest amount per currency. Leave empty for no limit.",
                                verbose_name="ceilings",
                            ),
                        ),
                        (
                            "daily_ceilings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Largest total per currency that this person can approve in 24 hours, standing rules included. Leave empty for no limit.",
                                verbose_name="daily ceilings",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical membership",
                        "verbose_name_plural": "historical memberships",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalHours",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "Monday"),
                                    (1, "Tuesday"),
                                    (2, "Wednesday"),
                                    (3, "Thursday"),
                                    (4, "Friday"),
                                    (5, "Saturday"),
                                    (6, "Sunday"),
                                ],
                                verbose_name="day",
                            ),
                        ),
                        ("begins", models.TimeField(verbose_name="from")),
                        (
                            "ends",
                            models.TimeField(
                                help_text="Enter 00:00 for midnight. Enter a night shift as two rows.",
                                verbose_name="until",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.calendar",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical working hours",
                        "verbose_name_plural": "historical working hours",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalHoliday",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("on", models.DateField(verbose_name="date")),
                        ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="name")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "calendar",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.calendar",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical holiday",
                        "verbose_name_plural": "historical holidays",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalHalt",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("everything", "Everything"),
                                    ("desk", "Desk"),
                                    ("action_type", "Action type"),
                                    ("agent", "Agent"),
                                    ("connector", "Connector"),
                                ],
                                max_length=12,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                        ("started_at", models.DateTimeField(verbose_name="started")),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                        (
                            "lift_reason",
                            models.CharField(
                                blank=True, default="", max_length=500, verbose_name=("reason for lifting")
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="halted by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical halt",
                        "verbose_name_plural": "historical halts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalExchangeRate",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("rate", models.DecimalField(decimal_places=8, max_digits=18, verbose_name="rate")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical exchange rate",
                        "verbose_name_plural": "historical exchange rates",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalEmployee",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "key",
                            models.CharField(
                                help_text="Email address or username, for example ana@example.com.",
                                max_length=254,
                                verbose_name="key",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "department",
                            models.CharField(blank=True, default="", max_length=120, verbose_name="department"),
                        ),
                        ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="job title")),
                        (
                            "attributes",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text='Additional data for lookups, for example {"site": "Berlin"}.',
                                verbose_name="attributes",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("normalized_key", models.CharField(editable=False, max_length=400)),
                        ("normalized_name", models.CharField(editable=False, max_length=400)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "manager",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.employee",
                                verbose_name="manager",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="A manager needs a login to make decisions.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="login",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical employee",
                        "verbose_name_plural": "historical employees",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDuty",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical duty shift",
                        "verbose_name_plural": "historical duty shifts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDesk",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("slug", models.SlugField(db_index=False, max_length=64, verbose_name="slug")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "is_solo",
                            models.BooleanField(
                                default=False,
                                help_text=(
                                    "At this desk, an agent’s owner can decide on the agent’s actions. Each "
                                    "of these decisions is recorded as an exception."
                                ),
                                verbose_name="single-reviewer desk",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical desk",
                        "verbose_name_plural": "historical desks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDelegation",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                        ("granted_at", models.DateTimeField(verbose_name="granted")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "delegate",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="delegate",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="granted by",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="delegator",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical delegation",
                        "verbose_name_plural": "historical delegations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalCalendar",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC",
                                help_text=(
                                    "For example, Europe/Berlin. Working hours and holidays use this time zone."
                                ),
                                max_length=64,
                                validators=[approvals.models.calendars.known_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical calendar",
                        "verbose_name_plural": "historical calendars",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalBreakGlass",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("opened_at", models.DateTimeField(verbose_name="started")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "finding",
                            models.CharField(
                                blank=True,
                                choices=[("justified", "Justified"), ("unjustified", "Not justified")],
                                default="",
                                max_length=12,
                                verbose_name="finding",
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                        ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="review note")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewed by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical break-glass grant",
                        "verbose_name_plural": "historical break-glass grants",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalApiKey",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("identifier", models.CharField(max_length=16, verbose_name="id")),
                        ("label", models.CharField(blank=True, default="", max_length=120, verbose_name="label")),
                        ("scopes", models.JSONField(default=list, verbose_name="scopes")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "holder",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="Person who received the key.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical API key",
                        "verbose_name_plural": "historical API keys",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAgent",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("name", models.SlugField(db_index=False, max_length=64, verbose_name="name")),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("version", models.CharField(blank=True, default="", max_length=40, verbose_name="version")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "mode",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("human_in_command", "Human in command"),
                                    ("in_the_loop", "Human in the loop"),
                                    ("on_the_loop", "Human on the loop"),
                                    ("autonomous", "Autonomous"),
                                ],
                                help_text="The stricter of this mode and the action type’s mode applies.",
                                max_length=20,
                                null=True,
                                verbose_name="mode",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                help_text="Person who starts actions through this agent. An agent that represents a person never has a key.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical agent",
                        "verbose_name_plural": "historical agents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalActionType",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        (
                            "name",
                            models.CharField(
                                db_index=True,
                                max_length=80,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[a-z0-9_]+(\\.[a-z0-9_]+)*$",
                                        "Use lowercase words joined by dots, for example invoice.post.",
                                    )
                                ],
                                verbose_name="name",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("description", models.TextField(blank=True, default="", verbose_name="description")),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="schema version")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("schema", models.JSONField(default=dict, verbose_name="schema")),
                        ("schema_text", models.TextField(editable=False, null=True, verbose_name="schema source")),
                        (
                            "amount_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the amount, for example /amount.",
                                max_length=120,
                                verbose_name="amount pointer",
                            ),
                        ),
                        (
                            "currency_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the currency code, for example /currency.",
                                max_length=120,
                                verbose_name="currency pointer",
                            ),
                        ),
                        (
                            "subject_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text=(
                                    "JSON Pointer to the customer, supplier, or other party that the action "
                                    "is about, for example /issuer."
                                ),
                                max_length=120,
                                verbose_name="subject pointer",
                            ),
                        ),
                        (
                            "reference_pointer",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="JSON Pointer to the document number, for example /invoice_number.",
                                max_length=120,
                                verbose_name="document number pointer",
                            ),
                        ),
                        (
                            "automation_requires",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text='JSON Pointers, for example ["/amount", "/currency"].',
                                verbose_name="fields required for automation",
                            ),
                        ),
                        (
                            "summary",
                            models.CharField(
                                help_text="Put fields in braces, for example “Post invoice {/invoice_number} from "
                                "{/issuer} for {amount}”.",
                                max_length=240,
                                verbose_name="summary template",
                            ),
                        ),
                        (
                            "lookups",
                            models.JSONField(
                                blank=True,
                                help_text='Lookups to run before review, for example [{"name": "role", "source": "directory", "target": {"entry": "{/email}"}}].',
                                null=True,
                                verbose_name="lookups",
                            ),
                        ),
                        (
                            "recheck_lookups",
                            models.BooleanField(
                                default=False,
                                help_text="If a lookup result has changed since the decision, the action goes back to a reviewer.",
                                verbose_name="repeat lookups before execution",
                            ),
                        ),
                        ("reasons", models.JSONField(blank=True, null=True, verbose_name="reason codes")),
                        (
                            "reject_needs",
                            models.CharField(
                                choices=[
                                    ("nothing", "Nothing"),
                                    ("reason", "A reason"),
                                    ("code", "A predefined reason"),
                                ],
                                default="nothing",
                                help_text="What reviewers have to give when they reject an action of this type.",
                                max_length=8,
                                verbose_name="needed for a rejection",
                            ),
                        ),
                        (
                            "reviewer_sees",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text='Evidence to show first, by name, for example ["source file"].',
                                verbose_name="evidence order",
                            ),
                        ),
                        (
                            "attachment_count",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="How many files an action can have, from 0 to 20.",
                                validators=[django.core.validators.MaxValueValidator(20)],
                                verbose_name="attachments per action",
                            ),
                        ),
                        (
                            "attachment_mib",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="How large one file can be. The installation’s limit also applies.",
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="attachment size (MiB)",
                            ),
                        ),
                        (
                            "attachment_types",
                            models.JSONField(
                                blank=True,
                                help_text=(
                                    'Media types of files, for example ["application/pdf"]. Leave empty to allow all '
                                    "known types."
                                ),
                                null=True,
                                verbose_name="attachment media types",
                            ),
                        ),
                        (
                            "reversibility",
                            models.CharField(
                                choices=[("reversible", "Reversible"), ("irreversible", "Irreversible")],
                                max_length=16,
                                verbose_name="reversibility",
                            ),
                        ),
                        (
                            "stakes",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                max_length=8,
                                verbose_name="stakes",
                            ),
                        ),
                        (
                            "has_external_impact",
                            models.BooleanField(default=False, verbose_name="has external effects"),
                        ),
                        ("data_classes", models.JSONField(blank=True, default=list, verbose_name="data classes")),
                        ("domain", models.CharField(blank=True, default="", max_length=40, verbose_name="domain")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("human_in_command", "Human in command"),
                                    ("in_the_loop", "Human in the loop"),
                                    ("on_the_loop", "Human on the loop"),
                                    ("autonomous", "Autonomous"),
                                ],
                                default="in_the_loop",
                                max_length=20,
                                verbose_name="mode",
                            ),
                        ),
                        (
                            "low_confidence",
                            models.FloatField(
                                blank=True,
                                help_text="From 0 to 1, for example 0.7. An action without a confidence value always counts as low.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(1),
                                ],
                                verbose_name="low-confidence threshold",
                            ),
                        ),
                        (
                            "edge_case_tier",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(1, "Junior"), (2, "Senior")],
                                help_text="Notified if there is no edge-case contact.",
                                null=True,
                                verbose_name="edge-case tier",
                            ),
                        ),
                        ("policy", models.SlugField(db_index=False, max_length=64, verbose_name="policy")),
                        (
                            "standing_rule_approvers",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(0, "Not allowed"), (1, "One reviewer"), (2, "Two reviewers")],
                                help_text="Leave empty to require only one reviewer.",
                                null=True,
                                verbose_name="standing rule approval",
                            ),
                        ),
                        (
                            "standing_decisions",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Multiple of the author’s ceiling. If the author’s rules exceed this limit, a "
                                "second person must confirm the new rule. The default is 1 for the author and 10 "
                                "for the person who confirms.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="24-hour limit for standing rules",
                            ),
                        ),
                        (
                            "sample_rate",
                            models.FloatField(
                                blank=True,
                                help_text="Share of automatic runs to spot-check, from 0 to 1. Leave empty for 0.05 (5%). "
                                "Enter 0 to check none.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(1),
                                ],
                                verbose_name="spot check rate",
                            ),
                        ),
                        (
                            "execution",
                            models.CharField(
                                choices=[("connector", "Connector"), ("agent", "Agent")],
                                max_length=12,
                                verbose_name="executed by",
                            ),
                        ),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("target", models.JSONField(blank=True, default=dict, verbose_name="connector target")),
                        (
                            "ends",
                            models.CharField(
                                choices=[("never", "Never"), ("optional", "Optional"), ("required", "Required")],
                                default="never",
                                help_text="Whether an action may or must have an end. At its end, or earlier if someone ends it, the connector reverses the effect.",
                                max_length=8,
                                verbose_name="end",
                            ),
                        ),
                        (
                            "longest_seconds",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="How far in the future an end may be, for example 604800 for 7 days. Leave empty for no limit.",
                                null=True,
                                verbose_name="longest duration (seconds)",
                            ),
                        ),
                        (
                            "undo_seconds",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="undo window (seconds)"),
                        ),
                        (
                            "valid_seconds",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="approval validity period (seconds)"
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "confidence_group",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="Person or group to notify when confidence is below the threshold.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="auth.group",
                                verbose_name="low-confidence group",
                            ),
                        ),
                        (
                            "confidence_person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="Person or group to notify when confidence is below the threshold.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="low-confidence contact",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "edge_case_owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="Person to notify when data is missing or looks wrong.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="edge-case contact",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "overriders",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="Only senior reviewers in this group can override policy. Leave empty to "
                                "allow every senior reviewer with override permission.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="auth.group",
                                verbose_name="override group",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="outcome owner",
                            ),
                        ),
                        (
                            "responsible",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reversal_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text=(
                                    "Action type that reverses actions of this type (optional). It must "
                                    "belong to the same desk."
                                ),
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.actiontype",
                                verbose_name="reversed by",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical action type",
                        "verbose_name_plural": "historical action types",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAbsence",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("entered_at", models.DateTimeField(verbose_name="entered")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical absence",
                        "verbose_name_plural": "historical absences",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Halt",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("everything", "Everything"),
                                    ("desk", "Desk"),
                                    ("action_type", "Action type"),
                                    ("agent", "Agent"),
                                    ("connector", "Connector"),
                                ],
                                max_length=12,
                                verbose_name="scope",
                            ),
                        ),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                        ("started_at", models.DateTimeField(verbose_name="started")),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="lifted")),
                        (
                            "lift_reason",
                            models.CharField(
                                blank=True, default="", max_length=500, verbose_name=("reason for lifting")
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="halts",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="halts",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="halts",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="halted by",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "halt",
                        "verbose_name_plural": "halts",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("rate", models.DecimalField(decimal_places=8, max_digits=18, verbose_name="rate")),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange rate",
                        "verbose_name_plural": "exchange rates",
                        "ordering": ("currency", "-valid_from"),
                    },
                ),
                migrations.AddField(
                    model_name="employee",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.CreateModel(
                    name="Duty",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="duties",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "duty shift",
                        "verbose_name_plural": "duty shifts",
                        "ordering": ("desk", "starts_at"),
                    },
                ),
                migrations.AddField(
                    model_name="desk",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.CreateModel(
                    name="Delegation",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(blank=True, default="", max_length=500, verbose_name="reason")),
                        ("granted_at", models.DateTimeField(verbose_name="granted")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                        (
                            "delegate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_held",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="delegate",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="granted by",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_given",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="delegator",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.desk",
                                verbose_name="desk",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delegation",
                        "verbose_name_plural": "delegations",
                        "ordering": ("-starts_at", "-id"),
                    },
                ),
                migrations.AddField(
                    model_name="decision",
                    name="entry",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="approvals.ledgerentry"
                    ),
                ),
                migrations.AddField(
                    model_name="calendar",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.CreateModel(
                    name="BreakGlass",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("opened_at", models.DateTimeField(verbose_name="started")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "finding",
                            models.CharField(
                                blank=True,
                                choices=[("justified", "Justified"), ("unjustified", "Not justified")],
                                default="",
                                max_length=12,
                                verbose_name="finding",
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                        ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="review note")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewed by",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.desk"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "break-glass grant",
                        "verbose_name_plural": "break-glass grants",
                        "ordering": ("-id",),
                        "permissions": [
                            ("break_glass", "Can start break-glass access"),
                            ("review_break_glass", "Can review break-glass access at every desk"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("identifier", models.CharField(max_length=16, unique=True, verbose_name="id")),
                        ("label", models.CharField(blank=True, default="", max_length=120, verbose_name="label")),
                        ("secret_hash", models.CharField(editable=False, max_length=64)),
                        ("scopes", models.JSONField(default=list, verbose_name="scopes")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="expires")),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="keys",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "holder",
                            models.ForeignKey(
                                help_text="Person who received the key.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API key",
                        "verbose_name_plural": "API keys",
                    },
                ),
                migrations.AddField(
                    model_name="agent",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="actiontype",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="action",
                    name="entry",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="state_of", to="approvals.ledgerentry"
                    ),
                ),
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        ("entered_at", models.DateTimeField(verbose_name="entered")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended early")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="absences",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "absence",
                        "verbose_name_plural": "absences",
                        "ordering": ("-starts_at",),
                    },
                ),
                migrations.AddField(
                    model_name="person",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.CreateModel(
                    name="LedgerOutbox",
                    fields=[
                        ("number", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waiting",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ledger outbox entry",
                        "verbose_name_plural": "ledger outbox entries",
                    },
                ),
                migrations.CreateModel(
                    name="LedgerPosition",
                    fields=[
                        ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="position",
                                to="approvals.ledgerentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ledger position",
                        "verbose_name_plural": "ledger positions",
                        "ordering": ("number",),
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], default=1, verbose_name="tier"
                            ),
                        ),
                        (
                            "max_stakes",
                            models.CharField(
                                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                                default="high",
                                max_length=8,
                                verbose_name="maximum stakes",
                            ),
                        ),
                        (
                            "ceilings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Largest amount per currency. Leave empty for no limit.",
                                verbose_name="ceilings",
                            ),
                        ),
                        (
                            "daily_ceilings",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="Largest total per currency that this person can approve in 24 hours, standing rules included. Leave empty for no limit.",
                                verbose_name="daily ceilings",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                    },
                ),
                migrations.CreateModel(
                    name="PasswordTries",
                    fields=[
                        ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ("tries", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                        ("waits", models.PositiveSmallIntegerField(default=0, verbose_name="consecutive blocks")),
                        ("last_at", models.DateTimeField(verbose_name="last attempt")),
                        ("until", models.DateTimeField(null=True, verbose_name="blocked until")),
                        ("is_noted", models.BooleanField(default=False, verbose_name="block recorded")),
                        ("known_until", models.DateTimeField(null=True, verbose_name="password known until")),
                    ],
                    options={
                        "verbose_name": "password attempt counter",
                        "verbose_name_plural": "password attempt counters",
                        "indexes": [models.Index(models.F("last_at"), name="password_tries_last")],
                    },
                ),
                migrations.CreateModel(
                    name="PolicyEvaluation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("revision_number", models.PositiveSmallIntegerField(verbose_name="revision")),
                        ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("outcome", models.CharField(max_length=10, verbose_name="route")),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], null=True, verbose_name="tier"
                            ),
                        ),
                        ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                        ("policy", models.CharField(max_length=160, verbose_name="policy")),
                        ("rules", models.JSONField(default=list, verbose_name="rules")),
                        ("body", models.TextField()),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("made_at", models.DateTimeField(verbose_name="evaluated")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="approvals.action",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evaluation",
                        "verbose_name_plural": "evaluations",
                    },
                ),
                migrations.AddField(
                    model_name="decision",
                    name="evaluation",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="approvals.policyevaluation",
                    ),
                ),
                migrations.AddField(
                    model_name="action",
                    name="evaluation",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_force_for",
                        to="approvals.policyevaluation",
                    ),
                ),
                migrations.CreateModel(
                    name="Revision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("type_version", models.PositiveIntegerField(verbose_name="schema version")),
                        ("body", models.TextField(verbose_name="payload")),
                        ("until", models.DateTimeField(null=True, verbose_name="until")),
                        ("attachments", models.JSONField(null=True, verbose_name="attachments")),
                        ("nonce", models.CharField(max_length=32)),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="revisions",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "revision",
                        "verbose_name_plural": "revisions",
                        "ordering": ("action", "number"),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAction",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("proposed", "Proposed"),
                                    ("pending", "Pending"),
                                    ("approved", "Approved"),
                                    ("modified", "Modified"),
                                    ("rejected", "Rejected"),
                                    ("executing", "Executing"),
                                    ("executed", "Executed"),
                                    ("failed", "Failed"),
                                    ("uncertain", "Uncertain"),
                                    ("expired", "Expired"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="proposed",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="round")),
                        ("confidence", models.FloatField(null=True, verbose_name="confidence")),
                        (
                            "on_behalf_of",
                            models.CharField(blank=True, default="", max_length=200, verbose_name="on behalf of"),
                        ),
                        ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="subject")),
                        (
                            "reference",
                            models.CharField(blank=True, default="", max_length=120, verbose_name="document number"),
                        ),
                        (
                            "amount",
                            approvals.models.amounts.AmountField(
                                decimal_places=18, max_digits=36, null=True, verbose_name="amount"
                            ),
                        ),
                        ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                        (
                            "amount_base",
                            approvals.models.amounts.AmountField(
                                decimal_places=18,
                                max_digits=36,
                                null=True,
                                verbose_name="amount in the base currency",
                            ),
                        ),
                        ("missing", models.JSONField(default=list, verbose_name="missing fields")),
                        ("flags", models.JSONField(default=list, verbose_name="flags")),
                        ("risk", models.PositiveSmallIntegerField(default=0, verbose_name="risk score")),
                        (
                            "required_tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], default=1, verbose_name="required tier"
                            ),
                        ),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("routed_at", models.DateTimeField(null=True, verbose_name="routed")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                        ("executed_at", models.DateTimeField(null=True, verbose_name="executed")),
                        ("expires_at", models.DateTimeField(null=True, verbose_name="expires")),
                        ("until", models.DateTimeField(null=True, verbose_name="until")),
                        ("is_live", models.BooleanField(default=False, verbose_name="in effect")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "overridden_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "overrides",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reverses",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.policyevaluation",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.revision",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical action",
                        "verbose_name_plural": "historical actions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.AddField(
                    model_name="execution",
                    name="revision",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="executions",
                        to="approvals.revision",
                    ),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="revision",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="approvals.revision",
                    ),
                ),
                migrations.AddField(
                    model_name="action",
                    name="revision",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="current_for", to="approvals.revision"
                    ),
                ),
                migrations.CreateModel(
                    name="Export",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("source", models.CharField(max_length=100, verbose_name="list")),
                        ("query", models.TextField(blank=True, default="", verbose_name="filters")),
                        ("salt", models.CharField(max_length=32)),
                        (
                            "format",
                            models.CharField(
                                choices=[("csv", "CSV"), ("jsonl", "JSON Lines"), ("xlsx", "Excel (XLSX)")],
                                max_length=8,
                                verbose_name="format",
                            ),
                        ),
                        ("columns", models.JSONField(verbose_name="columns")),
                        ("grounds", models.JSONField()),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("queued", "Queued"),
                                    ("writing", "In progress"),
                                    ("ready", "Ready"),
                                    ("taken", "Downloaded"),
                                    ("failed", "Failed"),
                                    ("canceled", "Canceled"),
                                    ("removed", "File removed"),
                                ],
                                default="queued",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "fault",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("rights", "Your permissions have changed. Export the list again."),
                                    (
                                        "rows",
                                        "A spreadsheet holds at most 1,048,575 rows. Use a filter, or export as CSV.",
                                    ),
                                    ("filters", "The list no longer has one of these filters. Export the list again."),
                                    (
                                        "slow",
                                        "The database took too long to find the rows. Use a filter, for example a shorter period.",
                                    ),
                                    (
                                        "disk",
                                        "The server’s disk is full or cannot be written. Ask your operator to free up disk space.",
                                    ),
                                    (
                                        "given_up",
                                        "The file could not be written after several attempts. Ask your operator.",
                                    ),
                                ],
                                default="",
                                max_length=10,
                                verbose_name="error",
                            ),
                        ),
                        ("total", models.PositiveBigIntegerField(null=True, verbose_name="rows found")),
                        ("rows", models.PositiveBigIntegerField(default=0, verbose_name="rows")),
                        ("size", models.PositiveBigIntegerField(default=0, verbose_name="size")),
                        ("cursor", models.JSONField(null=True)),
                        ("digest", models.CharField(blank=True, default="", max_length=64, verbose_name="digest")),
                        ("host", models.CharField(blank=True, default="", max_length=200)),
                        ("fence", models.PositiveIntegerField(default=0)),
                        ("restarts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("touched_at", models.DateTimeField()),
                        ("requested_at", models.DateTimeField(verbose_name="requested")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                        ("expires_at", models.DateTimeField(null=True, verbose_name="available until")),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exports",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "export",
                        "verbose_name_plural": "exports",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                models.F("person"),
                                models.OrderBy(models.F("id"), descending=True),
                                name="export_of_person",
                            ),
                            models.Index(
                                models.F("touched_at"),
                                models.F("id"),
                                condition=models.Q(("state__in", ("queued", "writing"))),
                                name="export_unfinished",
                            ),
                            models.Index(
                                models.F("expires_at"), condition=models.Q(("state", "ready")), name="export_expiring"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "page",
                            models.CharField(
                                choices=[("inbox", "Inbox"), ("actions", "Actions")],
                                default="inbox",
                                max_length=8,
                                verbose_name="page",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="name")),
                        ("filters", models.JSONField(default=dict, verbose_name="filters")),
                        ("is_first", models.BooleanField(default=False, verbose_name="default view")),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="saved_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "saved view",
                        "verbose_name_plural": "saved views",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="Stage",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                        ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("people", "People"), ("check", "Automatic check")],
                                default="people",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("open", "Open"),
                                    ("satisfied", "Satisfied"),
                                    ("refused", "Rejected"),
                                    ("expired", "Expired"),
                                    ("superseded", "Superseded"),
                                ],
                                default="open",
                                max_length=12,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "tier",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "Junior"), (2, "Senior")], verbose_name="tier"
                            ),
                        ),
                        ("step", models.JSONField(verbose_name="policy step")),
                        ("note", models.CharField(max_length=200, null=True, verbose_name="assignment note")),
                        (
                            "is_other_desk",
                            models.BooleanField(default=False, verbose_name="assigned to a different desk"),
                        ),
                        ("quorum", models.PositiveSmallIntegerField(default=1, verbose_name="approvals needed")),
                        ("is_escalated", models.BooleanField(default=False, verbose_name="escalated")),
                        ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                        ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                        ("on_timeout", models.CharField(default="expire", max_length=12, verbose_name="when overdue")),
                        ("remind_at", models.DateTimeField(null=True, verbose_name="reminder due")),
                        ("reminded_at", models.DateTimeField(null=True, verbose_name="reminder sent")),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stages",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.desk"
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="auth.group",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stage",
                        "verbose_name_plural": "stages",
                        "ordering": ("action", "round", "number"),
                    },
                ),
                migrations.AddField(
                    model_name="decision",
                    name="stage",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="approvals.stage",
                    ),
                ),
                migrations.CreateModel(
                    name="StandingRule",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("proposed", "Awaiting confirmation"),
                                    ("active", "Active"),
                                    ("stopped", "Ended"),
                                    ("expired", "Expired"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "verdict",
                            models.CharField(
                                choices=[("approve", "Always approve"), ("deny", "Always reject")],
                                max_length=8,
                                verbose_name="effect",
                            ),
                        ),
                        ("subject", models.CharField(blank=True, default="", max_length=200, verbose_name="subject")),
                        ("condition", models.TextField(blank=True, default="", verbose_name="condition")),
                        (
                            "max_amount",
                            models.DecimalField(
                                decimal_places=4, max_digits=19, null=True, verbose_name="maximum amount"
                            ),
                        ),
                        ("currency", models.CharField(blank=True, default="", max_length=3, verbose_name="currency")),
                        ("count_per_day", models.PositiveIntegerField(null=True, verbose_name="actions per 24 hours")),
                        (
                            "sum_per_day",
                            models.DecimalField(
                                decimal_places=4, max_digits=19, null=True, verbose_name="total per 24 hours"
                            ),
                        ),
                        ("sample_rate", models.FloatField(default=0.05, verbose_name="spot check rate")),
                        ("expires_at", models.DateTimeField(verbose_name="expires")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        ("made_at", models.DateTimeField(verbose_name="created")),
                        ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                        (
                            "end_reason",
                            models.CharField(blank=True, default="", max_length=500, verbose_name="reason for ending"),
                        ),
                        (
                            "agent_version",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="agent version"),
                        ),
                        ("type_version", models.PositiveIntegerField(verbose_name="schema version")),
                        ("target_digest", models.CharField(max_length=64)),
                        ("policies", models.JSONField(default=list, verbose_name="policies")),
                        ("waives", models.JSONField(default=list, verbose_name="bypassed rules")),
                        ("salt", models.CharField(max_length=32)),
                        (
                            "action_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules_standing",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules_standing",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rules_made",
                                to="approvals.decision",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="created by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standing rule",
                        "verbose_name_plural": "standing rules",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="SampleCheck",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[("open", "Open"), ("ok", "Correct"), ("wrong", "Incorrect")],
                                default="open",
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        ("drawn_at", models.DateTimeField(verbose_name="selected")),
                        ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                        ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                        (
                            "action",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sample",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="checked by",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.desk"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="samples",
                                to="approvals.standingrule",
                                verbose_name="standing rule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "spot check",
                        "verbose_name_plural": "spot checks",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSampleCheck",
                    fields=[
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("id", models.UUIDField(db_index=True, default=approvals.ids.uuid7, editable=False)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[("open", "Open"), ("ok", "Correct"), ("wrong", "Incorrect")],
                                default="open",
                                max_length=6,
                                verbose_name="state",
                            ),
                        ),
                        ("drawn_at", models.DateTimeField(verbose_name="selected")),
                        ("checked_at", models.DateTimeField(null=True, verbose_name="checked")),
                        ("note", models.CharField(blank=True, default="", max_length=500, verbose_name="note")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="checked by",
                            ),
                        ),
                        (
                            "desk",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.desk",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.standingrule",
                                verbose_name="standing rule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical spot check",
                        "verbose_name_plural": "historical spot checks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.AddField(
                    model_name="decision",
                    name="standing_rule",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="approvals.standingrule",
                        verbose_name="standing rule",
                    ),
                ),
                migrations.CreateModel(
                    name="StandingUse",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "amount",
                            approvals.models.amounts.AmountField(
                                decimal_places=18, max_digits=36, null=True, verbose_name="amount"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="time")),
                        (
                            "action",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standing_use",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="approvals.standingrule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standing rule use",
                        "verbose_name_plural": "standing rule uses",
                    },
                ),
                migrations.CreateModel(
                    name="SubjectOwner",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("subject", models.CharField(max_length=200, verbose_name="subject")),
                        ("from_on", models.DateField(blank=True, null=True, verbose_name="from")),
                        ("until_on", models.DateField(blank=True, null=True, verbose_name="until")),
                        ("spelled", models.CharField(editable=False, max_length=400)),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subjects",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "subject owner",
                        "verbose_name_plural": "subject owners",
                        "ordering": ("subject", "from_on"),
                    },
                ),
                migrations.CreateModel(
                    name="Text",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("proposal", "Agent text"),
                                    ("rationale", "Rationale"),
                                    ("comment", "Comment"),
                                    ("question", "Question"),
                                    ("answer", "Answer"),
                                    ("override", "Override reason"),
                                    ("fetched", "Lookup result"),
                                    ("handover", "Handover reason"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("content", models.JSONField()),
                        ("salt", models.CharField(max_length=32)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="approvals.action"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "text",
                        "verbose_name_plural": "texts",
                    },
                ),
                migrations.CreateModel(
                    name="Note",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("comment", "Comment"),
                                    ("question", "Question"),
                                    ("answer", "Answer"),
                                    ("handover", "Handover"),
                                ],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=False, verbose_name="open")),
                        ("at", models.DateTimeField(verbose_name="created")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="approvals.action"
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "answers",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answered_by",
                                to="approvals.note",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "handed_to",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.revision",
                            ),
                        ),
                        (
                            "text",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="note", to="approvals.text"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ("id",),
                    },
                ),
                migrations.CreateModel(
                    name="LookupResult",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=64, verbose_name="name")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("found", "Found"),
                                    ("nothing", "Nothing found"),
                                    ("unreachable", "No response"),
                                ],
                                max_length=12,
                                verbose_name="result",
                            ),
                        ),
                        ("source", models.CharField(max_length=200, verbose_name="source")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("fetched_at", models.DateTimeField(verbose_name="looked up")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fetched",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "stage",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fetched",
                                to="approvals.stage",
                            ),
                        ),
                        (
                            "text",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="fetched", to="approvals.text"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lookup result",
                        "verbose_name_plural": "lookup results",
                        "ordering": ("id",),
                    },
                ),
                migrations.AddField(
                    model_name="decision",
                    name="rationale",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.text",
                    ),
                ),
                migrations.CreateModel(
                    name="Tightening",
                    fields=[
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("changes", models.JSONField(verbose_name="changes")),
                        ("left_out", models.PositiveIntegerField(default=0, verbose_name="omitted records")),
                        (
                            "made_through",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                max_length=16,
                                verbose_name="entry point",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="changed")),
                        ("reviewed_at", models.DateTimeField(null=True, verbose_name="reviewed")),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="changed by",
                            ),
                        ),
                        (
                            "revert_request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.action",
                                verbose_name="request to revert",
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tightening",
                        "verbose_name_plural": "tightenings",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "action",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="claim",
                                serialize=False,
                                to="approvals.action",
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="claimed")),
                        ("until", models.DateTimeField(verbose_name="expires")),
                        (
                            "note",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.note",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "claim",
                        "verbose_name_plural": "claims",
                    },
                ),
                migrations.CreateModel(
                    name="BreakGlassUse",
                    fields=[
                        (
                            "decision",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="break_glass_use",
                                serialize=False,
                                to="approvals.decision",
                            ),
                        ),
                        (
                            "break_glass",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="approvals.breakglass",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "break-glass decision",
                        "verbose_name_plural": "break-glass decisions",
                    },
                ),
                migrations.CreateModel(
                    name="CounterSnapshot",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.BigIntegerField(verbose_name="actions")),
                        ("minor", models.BigIntegerField(verbose_name="total")),
                        ("at", models.DateTimeField(verbose_name="time")),
                        (
                            "counter",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="snapshots",
                                to="approvals.counter",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "counter snapshot",
                        "verbose_name_plural": "counter snapshots",
                        "indexes": [
                            models.Index(
                                models.F("counter"),
                                models.F("at"),
                                models.F("number"),
                                models.F("minor"),
                                name="snapshot_before",
                            )
                        ],
                        "constraints": [models.UniqueConstraint(fields=("counter", "number"), name="snapshot_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Restore",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("began_at", models.DateTimeField(verbose_name="noticed")),
                        ("door", models.CharField(max_length=10, verbose_name="noticed by")),
                        ("is_complete", models.BooleanField(verbose_name="sent actions are known")),
                    ],
                    options={
                        "verbose_name": "restore",
                        "verbose_name_plural": "restores",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="LostDispatch",
                    fields=[
                        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ("action_id", models.UUIDField(db_index=True, verbose_name="action")),
                        ("proposal", models.CharField(db_index=True, max_length=64, verbose_name="proposal")),
                        ("action_type", models.CharField(max_length=80, verbose_name="action type")),
                        (
                            "connector",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="connector"),
                        ),
                        ("host", models.CharField(blank=True, default="", max_length=260, verbose_name="host")),
                        ("key", models.CharField(max_length=64, verbose_name="idempotency key")),
                        ("sent_at", models.DateTimeField(verbose_name="sent")),
                        ("sender", models.CharField(max_length=200, verbose_name="sent by")),
                        ("is_end", models.BooleanField(default=False, verbose_name="end")),
                        (
                            "restore",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lost",
                                to="approvals.restore",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "lost dispatch",
                        "verbose_name_plural": "lost dispatches",
                        "ordering": ("sent_at", "id"),
                    },
                ),
                migrations.CreateModel(
                    name="RestoreEnd",
                    fields=[
                        (
                            "restore",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="end",
                                serialize=False,
                                to="approvals.restore",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("reason", models.CharField(max_length=500, verbose_name="reason")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "end of a restore",
                        "verbose_name_plural": "ends of restores",
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "address",
                            models.EmailField(blank=True, default="", max_length=254, verbose_name="email address"),
                        ),
                        ("change_id", models.UUIDField(null=True)),
                        ("channel", models.CharField(default="email", max_length=16, verbose_name="channel")),
                        ("kind", models.CharField(max_length=24, verbose_name="kind")),
                        ("round", models.PositiveSmallIntegerField(default=1)),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("ready", "Queued"),
                                    ("sent", "Sent"),
                                    ("dead", "Failed"),
                                    ("dropped", "No longer needed"),
                                ],
                                default="ready",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                        ("not_before", models.DateTimeField(verbose_name="next attempt")),
                        ("error", models.TextField(blank=True, default="", verbose_name="error")),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                        ("held_at", models.DateTimeField(null=True, verbose_name="held since")),
                        ("digest", models.UUIDField(null=True, verbose_name="digest ID")),
                        (
                            "account",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="approvals.actiontype",
                            ),
                        ),
                        (
                            "backlog",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="approvals.backlog",
                            ),
                        ),
                        (
                            "break_glass",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="approvals.breakglass",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                models.F("not_before"), condition=models.Q(("state", "ready")), name="delivery_ready"
                            ),
                            models.Index(models.F("person"), models.F("created_at"), name="delivery_of_person"),
                            models.Index(
                                models.F("person"),
                                condition=models.Q(("held_at__isnull", False), ("state", "ready")),
                                name="delivery_held",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("action", "person", "channel", "kind", "round"), name="delivery_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("break_glass__isnull", False)),
                                fields=("break_glass", "person", "channel", "kind"),
                                name="delivery_once_of_glass",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("change_id__isnull", False)),
                                fields=("change_id", "person", "channel"),
                                name="delivery_once_of_change",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("account__isnull", True),
                                        ("action__isnull", False),
                                        ("action_type__isnull", True),
                                        ("backlog__isnull", True),
                                        ("break_glass__isnull", True),
                                        ("breaker__isnull", True),
                                    ),
                                    models.Q(
                                        ("account__isnull", True),
                                        ("action__isnull", True),
                                        ("action_type__isnull", True),
                                        ("backlog__isnull", True),
                                        ("break_glass__isnull", False),
                                        ("breaker__isnull", True),
                                    ),
                                    models.Q(
                                        ("account__isnull", True),
                                        ("action__isnull", True),
                                        ("action_type__isnull", False),
                                        ("backlog__isnull", True),
                                        ("break_glass__isnull", True),
                                        ("breaker__isnull", True),
                                        ("change_id__isnull", False),
                                    ),
                                    models.Q(
                                        ("account__isnull", True),
                                        ("action__isnull", True),
                                        ("action_type__isnull", True),
                                        ("backlog__isnull", False),
                                        ("break_glass__isnull", True),
                                        ("breaker__isnull", True),
                                    ),
                                    models.Q(
                                        ("account__isnull", True),
                                        ("action__isnull", True),
                                        ("action_type__isnull", True),
                                        ("backlog__isnull", True),
                                        ("break_glass__isnull", True),
                                        ("breaker__isnull", False),
                                    ),
                                    models.Q(
                                        ("account__isnull", False),
                                        ("action__isnull", True),
                                        ("action_type__isnull", True),
                                        ("backlog__isnull", True),
                                        ("break_glass__isnull", True),
                                        ("breaker__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_of_one",
                            ),
                        ],
                    },
                ),
                migrations.AddConstraint(
                    model_name="backlog",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("agent__isnull", False)),
                        fields=("agent",),
                        name="backlog_of_agent_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="backlog",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("desk__isnull", False)),
                        fields=("desk",),
                        name="backlog_of_desk_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="backlog",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("agent__isnull", True), ("desk__isnull", True), _connector="XOR"),
                        name="backlog_of_one",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="installation",
                    constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="installation_is_one"),
                ),
                migrations.AddIndex(
                    model_name="ledgerentry",
                    index=models.Index(models.F("action"), models.F("id"), name="entry_of_action"),
                ),
                migrations.AddIndex(
                    model_name="ledgerentry",
                    index=models.Index(models.F("event"), models.F("id"), name="entry_event"),
                ),
                migrations.AddConstraint(
                    model_name="hours",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("begins")), ("ends", "00:00"), _connector="OR"),
                        name="hours_in_order",
                        violation_error_message="The end must be after the start. Enter 00:00 for midnight.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="holiday",
                    constraint=models.UniqueConstraint(fields=("calendar", "on"), name="holiday_once"),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scope", "everything"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "desk"),
                                ("desk__isnull", False),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "action_type"),
                                models.Q(("desk__isnull", False), _negated=True),
                                ("action_type__isnull", False),
                                models.Q(("agent__isnull", False), _negated=True),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "agent"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                ("agent__isnull", False),
                                ("connector", ""),
                            ),
                            models.Q(
                                ("scope", "connector"),
                                models.Q(("desk__isnull", False), _negated=True),
                                models.Q(("action_type__isnull", False), _negated=True),
                                models.Q(("agent__isnull", False), _negated=True),
                                models.Q(("connector", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="halt_aimed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_reason", ""), ("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                            models.Q(
                                ("lifted_at__isnull", False),
                                ("lifted_by__isnull", False),
                                models.Q(("lift_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="halt_lifted_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True), ("scope", "everything")),
                        fields=("scope",),
                        name="halt_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("desk",), name="halt_once_of_desk"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("action_type",),
                        name="halt_once_of_type",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)), fields=("agent",), name="halt_once_of_agent"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="halt",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True), ("scope", "connector")),
                        fields=("connector",),
                        name="halt_once_of_connector",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="exchangerate",
                    constraint=models.UniqueConstraint(fields=("currency", "valid_from"), name="rate_once_a_day"),
                ),
                migrations.AddConstraint(
                    model_name="employee",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("normalized_key", ""), _negated=True), name="employee_spelled"
                    ),
                ),
                migrations.AddIndex(
                    model_name="duty",
                    index=models.Index(fields=["desk", "ends_at"], name="duty_of_desk"),
                ),
                migrations.AddConstraint(
                    model_name="duty",
                    constraint=models.UniqueConstraint(fields=("desk", "person", "starts_at"), name="duty_once"),
                ),
                migrations.AddConstraint(
                    model_name="duty",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="duty_ends_after_it_starts"
                    ),
                ),
                migrations.AddIndex(
                    model_name="delegation",
                    index=models.Index(models.F("delegate"), models.F("ends_at"), name="delegation_held"),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("delegate", models.F("person")), _negated=True),
                        name="delegation_to_another",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="delegation_in_order"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("starts_at__gte", models.F("granted_at"))),
                        name="delegation_not_retroactive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delegation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="delegation_ended_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="breakglass",
                    index=models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)),
                        fields=["desk"],
                        name="break_glass_unreviewed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="breakglass",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("person", "desk"),
                        name="break_glass_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="breakglass",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("opened_at"))), name="break_glass_ends"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="breakglass",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("reviewed_at__isnull", True), ("reviewed_by__isnull", True)),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("reviewed_at__isnull", False),
                                ("reviewed_by__isnull", False),
                                models.Q(("finding", ""), _negated=True),
                                models.Q(("note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="break_glass_reviewed_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="breakglass",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by__isnull", True),
                            models.Q(("reviewed_by", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="break_glass_four_eyes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="apikey",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("agent__isnull", True), ("person__isnull", True), _connector="XOR"),
                        name="key_of_agent_or_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="absence",
                    index=models.Index(
                        models.F("person"),
                        models.F("ends_at"),
                        condition=models.Q(("ended_at__isnull", True)),
                        name="absence_to_come",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="absence",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="absence_in_order"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="absence",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="absence_ended_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=models.Index(fields=["normalized_username"], name="person_normalized_username"),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=models.Index(fields=["normalized_email"], name="person_normalized_email"),
                ),
                migrations.AddIndex(
                    model_name="person",
                    index=models.Index(fields=["normalized_name"], name="person_normalized_name"),
                ),
                migrations.AddConstraint(
                    model_name="revision",
                    constraint=models.UniqueConstraint(fields=("action", "number"), name="revision_number_once"),
                ),
                migrations.AddConstraint(
                    model_name="revision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("agent__isnull", True), ("person__isnull", True), _connector="XOR"),
                        name="revision_has_one_author",
                    ),
                ),
                migrations.AddIndex(
                    model_name="execution",
                    index=models.Index(
                        models.F("agent"),
                        models.F("not_before"),
                        models.F("id"),
                        condition=models.Q(
                            ("end_number", 0), ("mode", "connector"), ("state", "ready"), ("waits_for__isnull", True)
                        ),
                        name="execution_ready",
                    ),
                ),
                migrations.AddIndex(
                    model_name="execution",
                    index=models.Index(
                        models.F("waits_for"),
                        models.F("id"),
                        condition=models.Q(("state", "ready"), ("waits_for__isnull", False)),
                        name="execution_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="execution",
                    index=models.Index(
                        models.F("not_before"),
                        models.F("id"),
                        condition=models.Q(("end_number__gt", 0), ("state", "ready")),
                        name="execution_ending",
                    ),
                ),
                migrations.AddIndex(
                    model_name="execution",
                    index=models.Index(
                        models.F("leased_until"), condition=models.Q(("state", "running")), name="execution_leased"
                    ),
                ),
                migrations.AddIndex(
                    model_name="execution",
                    index=models.Index(
                        models.F("expires_at"), condition=models.Q(("state", "ready")), name="execution_expiring"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="execution",
                    constraint=models.UniqueConstraint(
                        fields=("action", "revision", "round", "end_number"), name="execution_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="execution",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_number", 0), ("reverses__isnull", True)),
                            models.Q(("end_number__gt", 0), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="execution_or_its_end",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="execution",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("reverses__isnull", False),
                            models.Q(("state__in", ["failed", "canceled"]), _negated=True),
                        ),
                        fields=("reverses",),
                        name="execution_ended_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="execution",
                    constraint=models.UniqueConstraint(fields=("key",), name="execution_key_once"),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_person"),
                        models.OrderBy(models.F("risk"), descending=True),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("assigned_person__isnull", False), ("state", "pending")),
                        name="action_assigned_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("state"),
                        models.F("agent"),
                        models.F("id"),
                        condition=models.Q(("state__in", ["proposed", "pending"])),
                        name="action_in_turn",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("desk"),
                        condition=models.Q(("state__in", ["proposed", "pending"])),
                        name="action_waiting_at_desk",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("agent"),
                        models.F("next_lookup_at"),
                        models.F("id"),
                        condition=models.Q(("next_lookup_at__isnull", False)),
                        name="action_to_look_up",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("expires_at"),
                        condition=models.Q(("state__in", ["proposed", "pending"])),
                        name="action_expiring",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(models.F("due_at"), condition=models.Q(("state", "pending")), name="action_due"),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("agent"), models.OrderBy(models.F("id"), descending=True), name="action_of_agent"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("action_type"),
                        models.F("duplicate_fingerprint"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        condition=models.Q(("duplicate_fingerprint", ""), _negated=True),
                        name="action_duplicates",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("action_type"),
                        models.F("duplicate_fingerprint"),
                        models.OrderBy(models.F("created_at"), descending=True),
                        condition=models.Q(
                            (
                                "state__in",
                                ["proposed", "pending", "approved", "modified", "executing", "uncertain"],
                            ),
                            models.Q(("duplicate_fingerprint", ""), _negated=True),
                        ),
                        name="action_open_duplicates",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("action_type"),
                        models.F("desk"),
                        models.F("normalized_subject"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(
                            ("state__in", ["approved", "modified", "executing", "executed"]),
                            models.Q(("normalized_subject", ""), _negated=True),
                        ),
                        name="action_of_subject",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("state"), models.OrderBy(models.F("id"), descending=True), name="action_in_state"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("action_type"),
                        models.OrderBy(models.F("id"), descending=True),
                        include=("desk", "agent"),
                        name="action_of_type",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("desk"), models.OrderBy(models.F("id"), descending=True), name="action_of_desk"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("until"),
                        condition=models.Q(("state__in", ["proposed", "pending"]), ("until__isnull", False)),
                        name="action_ending",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("desk"),
                        models.F("until"),
                        models.F("id"),
                        condition=models.Q(("is_live", True)),
                        name="action_live_at_desk",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("is_live", True)),
                        name="action_live",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("thread"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("thread", ""), _negated=True),
                        name="action_thread",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(models.F("created_at"), name="action_created"),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("decided_at"),
                        condition=models.Q(("decided_at__isnull", False)),
                        name="action_decided",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("amount"), condition=models.Q(("amount__isnull", False)), name="action_amount"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        condition=models.Q(("overrides__isnull", False)), fields=["overrides"], name="action_overrides"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        condition=models.Q(("reverses__isnull", False)), fields=["reverses"], name="action_reverses"
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("parent"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("parent__isnull", False)),
                        name="action_of_parent",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("parent"),
                        models.F("id"),
                        condition=models.Q(
                            ("parent__isnull", False), ("state__in", ["proposed", "pending", "approved", "modified"])
                        ),
                        name="action_below_parent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(
                        fields=("agent", "idempotency_key"), name="action_idempotency_key_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "proposed",
                                    "pending",
                                    "approved",
                                    "modified",
                                    "rejected",
                                    "executing",
                                    "executed",
                                    "failed",
                                    "uncertain",
                                    "expired",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="action_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("overridden_by__isnull", True), ("overrides__isnull", True)),
                            models.Q(("overridden_by__isnull", False), ("overrides__isnull", False)),
                            _connector="OR",
                        ),
                        name="action_overridden_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("overrides__isnull", False),
                            models.Q(("state__in", ["expired", "withdrawn"]), _negated=True),
                        ),
                        fields=("overrides",),
                        name="action_overridden_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("depth", 0), ("parent__isnull", True)),
                            models.Q(("depth__gte", 1), ("depth__lte", 10), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="action_depth_below_parent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="action",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("reverses__isnull", False),
                            models.Q(("state__in", ["rejected", "expired", "withdrawn", "failed"]), _negated=True),
                        ),
                        fields=("reverses",),
                        name="action_reversed_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.UniqueConstraint(
                        models.F("person"),
                        models.F("page"),
                        django.db.models.functions.text.Lower("name"),
                        name="saved_view_name_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedview",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_first", True)),
                        fields=("person", "page"),
                        name="saved_view_first_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stage",
                    index=models.Index(
                        models.F("desk"),
                        models.F("action"),
                        condition=models.Q(("is_other_desk", True)),
                        name="stage_elsewhere",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stage",
                    index=models.Index(
                        models.F("group"),
                        models.F("action"),
                        condition=models.Q(("group__isnull", False)),
                        name="stage_of_group",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stage",
                    index=models.Index(
                        models.F("person"),
                        models.F("action"),
                        condition=models.Q(("person__isnull", False)),
                        name="stage_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stage",
                    index=models.Index(
                        models.F("opened_at"),
                        condition=models.Q(("kind", "check"), ("state", "open")),
                        name="stage_to_check",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stage",
                    index=models.Index(
                        models.F("remind_at"),
                        condition=models.Q(
                            ("remind_at__isnull", False), ("reminded_at__isnull", True), ("state", "open")
                        ),
                        name="stage_to_remind",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stage",
                    constraint=models.UniqueConstraint(fields=("action", "round", "number"), name="stage_number_once"),
                ),
                migrations.AddIndex(
                    model_name="standingrule",
                    index=models.Index(
                        models.F("action_type"),
                        models.F("agent"),
                        condition=models.Q(("state", "active")),
                        name="standing_active",
                    ),
                ),
                migrations.AddIndex(
                    model_name="standingrule",
                    index=models.Index(
                        models.F("expires_at"),
                        condition=models.Q(("state__in", ["active", "proposed"])),
                        name="standing_expiring",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="standingrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "active", "stopped", "expired"])),
                        name="standing_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="standingrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "deny"),
                            models.Q(("verdict", "approve"), ("count_per_day__isnull", False)),
                            _connector="OR",
                        ),
                        name="standing_approval_limited",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="standingrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["active", "proposed"])),
                            models.Q(
                                models.Q(("state__in", ["active", "proposed"]), _negated=True),
                                ("ended_at__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="standing_end_has_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="standingrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("sample_rate__gte", 0), ("sample_rate__lte", 1)),
                        name="standing_sample_rate_is_share",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="standingrule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="standing_confirmed_by_another",
                    ),
                ),
                migrations.AddIndex(
                    model_name="samplecheck",
                    index=models.Index(
                        models.F("desk"), models.F("id"), condition=models.Q(("state", "open")), name="sample_open"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="samplecheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_at__isnull", True), ("checked_by__isnull", True), ("state", "open")),
                            models.Q(
                                ("checked_at__isnull", False),
                                ("checked_by__isnull", False),
                                ("state__in", ["ok", "wrong"]),
                            ),
                            _connector="OR",
                        ),
                        name="sample_checked_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="standinguse",
                    index=models.Index(models.F("rule"), models.F("at"), name="standing_use_at"),
                ),
                migrations.AddConstraint(
                    model_name="subjectowner",
                    constraint=models.UniqueConstraint(
                        fields=("spelled", "from_on"),
                        name="owner_once_a_day",
                        violation_error_message="This subject already has an owner starting on this date. Edit that entry instead.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subjectowner",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("from_on__isnull", True)),
                        fields=("spelled",),
                        name="owner_once_ever",
                        violation_error_message="This subject already has an owner starting on this date. Edit that entry instead.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subjectowner",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("spelled", ""), _negated=True), name="owner_spelled"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="subjectowner",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("from_on__isnull", True),
                            ("until_on__isnull", True),
                            ("until_on__gte", models.F("from_on")),
                            _connector="OR",
                        ),
                        name="owner_until_after_from",
                    ),
                ),
                migrations.AddIndex(
                    model_name="note",
                    index=models.Index(models.F("action"), condition=models.Q(("is_open", True)), name="note_open"),
                ),
                migrations.AddConstraint(
                    model_name="note",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("agent__isnull", True), _connector="XOR"),
                        name="note_of_person_or_agent",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="note",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("is_open", False), ("kind", "question"), _connector="OR"),
                        name="note_open_question",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="note",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("handed_to__isnull", True), ("kind", "handover"), _connector="XOR"),
                        name="note_handed_to",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("person"),
                        models.OrderBy(models.F("at"), descending=True),
                        condition=models.Q(("person__isnull", False)),
                        name="decision_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(models.OrderBy(models.F("at"), descending=True), name="decision_at"),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("verdict"),
                        condition=models.Q(("is_final", True)),
                        name="decision_verdict",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("verdict"),
                        models.OrderBy(models.F("at"), descending=True),
                        condition=models.Q(("source", "person"), ("verdict__in", ["escalate", "modify", "reject"])),
                        name="decision_of_reviewer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("delegator"),
                        models.F("at"),
                        condition=models.Q(("delegator__isnull", False)),
                        name="decision_for_another",
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("stage"), condition=models.Q(("stage__isnull", False)), name="decision_of_stage"
                    ),
                ),
                migrations.AddIndex(
                    model_name="decision",
                    index=models.Index(
                        models.F("standing_rule"),
                        condition=models.Q(("standing_rule__isnull", False)),
                        name="decision_of_standing_rule",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_final", True)), fields=("action", "round"), name="decision_final_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="decision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "person"), _negated=True), ("person__isnull", False), _connector="OR"
                        ),
                        name="decision_names_its_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="tightening",
                    index=models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)), fields=["id"], name="tightening_unreviewed"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="tightening",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("revert_request__isnull", True),
                                ("reviewed_at__isnull", True),
                                ("reviewed_by__isnull", True),
                            ),
                            models.Q(("reviewed_at__isnull", False), ("reviewed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="tightening_reviewed_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="tightening",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by__isnull", True),
                            ("made_by__isnull", True),
                            models.Q(("reviewed_by", models.F("made_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="tightening_four_eyes",
                    ),
                ),
                migrations.CreateModel(
                    name="Breaker",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("connector", models.CharField(max_length=40, verbose_name="connector")),
                        ("host", models.CharField(blank=True, default="", max_length=260, verbose_name="host")),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[("closed", "Closed"), ("open", "Open"), ("probing", "Trying")],
                                default="closed",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("failed", models.JSONField(default=list, verbose_name="failed actions")),
                        ("failed_at", models.DateTimeField(null=True, verbose_name="last failure")),
                        ("error", models.TextField(blank=True, default="", verbose_name="error")),
                        ("opened_at", models.DateTimeField(null=True, verbose_name="opened")),
                        ("openings", models.PositiveIntegerField(default=0, verbose_name="openings")),
                        ("retry_at", models.DateTimeField(null=True, verbose_name="next attempt")),
                        (
                            "probes",
                            models.PositiveSmallIntegerField(default=0, verbose_name="failed attempts while open"),
                        ),
                        ("probe_id", models.UUIDField(null=True, verbose_name="execution that tries")),
                    ],
                    options={
                        "verbose_name": "circuit breaker",
                        "verbose_name_plural": "circuit breakers",
                        "ordering": ("connector", "host"),
                    },
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="breaker",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="approvals.breaker",
                    ),
                ),
                migrations.CreateModel(
                    name="FlowLimit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("connector", models.CharField(max_length=40, verbose_name="connector")),
                        (
                            "host",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="With its port, for example api.example.com:8443. Empty for all other hosts together.",
                                max_length=260,
                                verbose_name="host",
                            ),
                        ),
                        (
                            "starts_per_minute",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty for no limit.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000),
                                ],
                                verbose_name="starts per minute",
                            ),
                        ),
                        (
                            "calls_at_once",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty for no limit.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="calls at the same time",
                            ),
                        ),
                        (
                            "breaker_failures",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="In a row, each of another action. 0 switches the circuit breaker off.",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="failures that open the circuit breaker",
                            ),
                        ),
                        (
                            "breaker_pause",
                            models.PositiveIntegerField(
                                default=60,
                                help_text="How long nothing is sent before one action tries again. Doubles at each failure, up to 10 minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="pause in seconds",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "connector limit",
                        "verbose_name_plural": "connector limits",
                        "ordering": ("connector", "host"),
                    },
                ),
                migrations.CreateModel(
                    name="FlowStart",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("until", models.DateTimeField(verbose_name="lease expires")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                    ],
                    options={
                        "verbose_name": "start",
                        "verbose_name_plural": "starts",
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalFlowLimit",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("connector", models.CharField(max_length=40, verbose_name="connector")),
                        (
                            "host",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="With its port, for example api.example.com:8443. Empty for all other hosts together.",
                                max_length=260,
                                verbose_name="host",
                            ),
                        ),
                        (
                            "starts_per_minute",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty for no limit.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(10000),
                                ],
                                verbose_name="starts per minute",
                            ),
                        ),
                        (
                            "calls_at_once",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty for no limit.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000),
                                ],
                                verbose_name="calls at the same time",
                            ),
                        ),
                        (
                            "breaker_failures",
                            models.PositiveSmallIntegerField(
                                default=5,
                                help_text="In a row, each of another action. 0 switches the circuit breaker off.",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="failures that open the circuit breaker",
                            ),
                        ),
                        (
                            "breaker_pause",
                            models.PositiveIntegerField(
                                default=60,
                                help_text="How long nothing is sent before one action tries again. Doubles at each failure, up to 10 minutes.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(86400),
                                ],
                                verbose_name="pause in seconds",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical connector limit",
                        "verbose_name_plural": "historical connector limits",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.AddConstraint(
                    model_name="breaker",
                    constraint=models.UniqueConstraint(fields=("connector", "host"), name="breaker_once"),
                ),
                migrations.AddConstraint(
                    model_name="breaker",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state", "closed"),
                            models.Q(("opened_at__isnull", False), ("retry_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="breaker_retries",
                    ),
                ),
                migrations.AddField(
                    model_name="flowlimit",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="flowstart",
                    name="execution",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="approvals.execution"
                    ),
                ),
                migrations.AddField(
                    model_name="flowstart",
                    name="limit",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="starts",
                        to="approvals.flowlimit",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalflowlimit",
                    name="entry",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalflowlimit",
                    name="history_user",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="flowlimit",
                    constraint=models.UniqueConstraint(fields=("connector", "host"), name="flow_limit_once"),
                ),
                migrations.AddConstraint(
                    model_name="flowlimit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("starts_per_minute", None), ("starts_per_minute__gt", 0), _connector="OR"),
                            models.Q(("calls_at_once", None), ("calls_at_once__gt", 0), _connector="OR"),
                        ),
                        name="flow_limit_lets_through",
                    ),
                ),
                migrations.AddIndex(
                    model_name="flowstart",
                    index=models.Index(models.F("limit"), models.F("at"), name="flow_start_of_limit"),
                ),
                migrations.CreateModel(
                    name="StopRequest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                max_length=16,
                                verbose_name="entry point",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="requested")),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                        (
                            "break_glass",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stops",
                                to="approvals.breakglass",
                            ),
                        ),
                        (
                            "delegator",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="on behalf of",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stop_request",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "execution",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stop_request",
                                to="approvals.execution",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "rationale",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.text",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "stop request",
                        "verbose_name_plural": "stop requests",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                models.F("break_glass"),
                                condition=models.Q(("break_glass__isnull", False)),
                                name="stop_with_break_glass",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("person__isnull", True), ("agent__isnull", True), _connector="XOR"),
                                name="stop_of_person_or_agent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("person__isnull", False),
                                    models.Q(("break_glass__isnull", True), ("delegator__isnull", True)),
                                    _connector="OR",
                                ),
                                name="stop_by_authority_of_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attachment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        (
                            "size",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)], verbose_name="size (bytes)"
                            ),
                        ),
                        ("media_type", models.CharField(max_length=64, verbose_name="media type")),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        ("created_at", models.DateTimeField(verbose_name="uploaded")),
                        ("attached_at", models.DateTimeField(editable=False, null=True)),
                        ("erased_at", models.DateTimeField(editable=False, null=True, verbose_name="erased")),
                        (
                            "erasure_reason",
                            models.CharField(
                                blank=True, default="", editable=False, max_length=500, verbose_name="erasure reason"
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attachment",
                        "verbose_name_plural": "attachments",
                        "permissions": [("erase_attachment", "Can erase attachments")],
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(fields=["agent", "created_at"], name="attachment_of_agent"),
                            models.Index(
                                models.F("created_at"),
                                condition=models.Q(("attached_at", None)),
                                name="attachment_unattached",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("erased_at", None)),
                                fields=("sha256", "agent", "name"),
                                name="attachment_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("erased_at", None),
                                    models.Q(("name", ""), ("sha256", "")),
                                    _connector="XOR",
                                ),
                                name="attachment_erased_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActionAttachment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                        ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                        ("salt", models.CharField(blank=True, max_length=32)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attached",
                                to="approvals.action",
                            ),
                        ),
                        (
                            "attachment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="held_by",
                                to="approvals.attachment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attachment of an action",
                        "verbose_name_plural": "attachments of actions",
                        "ordering": ("action", "position"),
                        "constraints": [
                            models.UniqueConstraint(fields=("action", "position"), name="attachment_place_once"),
                            models.UniqueConstraint(fields=("action", "attachment"), name="attachment_once_an_action"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Client",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("key", models.SlugField(max_length=64, unique=True, verbose_name="key")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "currency",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Used where the action’s data names no currency, for example EUR (optional).",
                                max_length=3,
                                verbose_name="default currency",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "client",
                        "verbose_name_plural": "clients",
                        "ordering": ("name", "key"),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalClient",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("key", models.SlugField(db_index=False, max_length=64, verbose_name="key")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "currency",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Used where the action’s data names no currency, for example EUR (optional).",
                                max_length=3,
                                verbose_name="default currency",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical client",
                        "verbose_name_plural": "historical clients",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.AddField(
                    model_name="historicalmembership",
                    name="covers_clients",
                    field=models.BooleanField(
                        default=False,
                        help_text="The person sees and decides on the actions of every client.",
                        verbose_name="every client",
                    ),
                ),
                migrations.AddField(
                    model_name="membership",
                    name="covers_clients",
                    field=models.BooleanField(
                        default=False,
                        help_text="The person sees and decides on the actions of every client.",
                        verbose_name="every client",
                    ),
                ),
                migrations.AddField(
                    model_name="client",
                    name="calendar",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Working hours for this client’s deadlines. Leave empty to use the calendar of each desk.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.calendar",
                        verbose_name="calendar",
                    ),
                ),
                migrations.AddField(
                    model_name="client",
                    name="entry",
                    field=models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="client",
                    name="responsible",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible person",
                    ),
                ),
                migrations.AddField(
                    model_name="action",
                    name="client",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="actiontype",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="Actions of this type belong to this client. Leave empty for any client.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="agent",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="The agent proposes for this client only. Leave empty for any client.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalaction",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalactiontype",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Actions of this type belong to this client. Leave empty for any client.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalagent",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The agent proposes for this client only. Leave empty for any client.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalmembership",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The person sees and decides on this client’s actions only. Leave empty for actions of no client.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalstandingrule",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="membership",
                    name="client",
                    field=models.ForeignKey(
                        blank=True,
                        help_text="The person sees and decides on this client’s actions only. Leave empty for actions of no client.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddField(
                    model_name="standingrule",
                    name="client",
                    field=models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="approvals.client",
                        verbose_name="client",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("required_tier"),
                        models.OrderBy(models.F("risk"), descending=True),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", True)),
                        name="action_assigned_desk",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("required_tier"),
                        models.OrderBy(models.F("risk"), descending=True),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", False)),
                        name="action_assigned_clients",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("client"),
                        models.F("required_tier"),
                        models.OrderBy(models.F("risk"), descending=True),
                        models.F("due_at"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", False)),
                        name="action_assigned_client",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_group"),
                        models.F("required_tier"),
                        models.OrderBy(models.F("risk"), descending=True),
                        models.F("due_at"),
                        models.F("id"),
                        models.F("client"),
                        condition=models.Q(("assigned_group__isnull", False), ("state", "pending")),
                        name="action_assigned_group",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("required_tier"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", True)),
                        name="action_oldest_of_desk",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("required_tier"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", False)),
                        name="action_oldest_of_clients",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_desk"),
                        models.F("client"),
                        models.F("required_tier"),
                        models.F("id"),
                        condition=models.Q(("state", "pending"), ("client__isnull", False)),
                        name="action_oldest_of_client",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("assigned_group"),
                        models.F("required_tier"),
                        models.F("id"),
                        models.F("client"),
                        condition=models.Q(("assigned_group__isnull", False), ("state", "pending")),
                        name="action_oldest_of_group",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("client"),
                        models.F("desk"),
                        models.F("until"),
                        models.F("id"),
                        condition=models.Q(("is_live", True), ("client__isnull", False)),
                        name="action_live_of_client",
                    ),
                ),
                migrations.AddIndex(
                    model_name="action",
                    index=models.Index(
                        models.F("client"),
                        models.OrderBy(models.F("id"), descending=True),
                        condition=models.Q(("client__isnull", False)),
                        name="action_of_client",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("client__isnull", True)), fields=("person", "desk"), name="membership_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("client__isnull", False)),
                        fields=("person", "desk", "client"),
                        name="membership_once_for_client",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="membership",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("covers_clients", False), ("client__isnull", True), _connector="OR"),
                        name="membership_of_one_or_every_client",
                        violation_error_message="Choose one client or every client, not both.",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalclient",
                    name="calendar",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Working hours for this client’s deadlines. Leave empty to use the calendar of each desk.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.calendar",
                        verbose_name="calendar",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalclient",
                    name="entry",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="approvals.ledgerentry",
                    ),
                ),
                migrations.AddField(
                    model_name="historicalclient",
                    name="history_user",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="historicalclient",
                    name="responsible",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible person",
                    ),
                ),
                migrations.CreateModel(
                    name="Webhook",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seal", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                        (
                            "url",
                            models.CharField(
                                help_text="An https address whose host your operator has allowed, for example https://example.com/hooks.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "events",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[approvals.models.webhooks.known_shape],
                                verbose_name="events",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="An inactive webhook sends nothing. Later it goes on where it stopped.",
                                verbose_name="active",
                            ),
                        ),
                        ("nonce", models.CharField(blank=True, default="", editable=False, max_length=32)),
                        ("issued_at", models.DateTimeField(editable=False, null=True, verbose_name="secret issued")),
                        ("former_nonce", models.CharField(blank=True, default="", editable=False, max_length=32)),
                        (
                            "former_until",
                            models.DateTimeField(editable=False, null=True, verbose_name="former secret valid until"),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.actiontype",
                                verbose_name="action type",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                help_text="If the owner also owns this agent, the webhook sends all events that the agent can read.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.agent",
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.client",
                                verbose_name="client",
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                help_text="The webhook sends only events that this person may see.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="webhooks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook",
                        "verbose_name_plural": "webhooks",
                        "ordering": ("name",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalWebhook",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "door",
                            models.CharField(
                                choices=[
                                    ("admin", "Admin"),
                                    ("api", "API"),
                                    ("token", "Personal token"),
                                    ("celery", "Worker"),
                                    ("clock", "Clock"),
                                    ("command", "Command"),
                                    ("demo", "Demo"),
                                ],
                                default=approvals.models.history._current_door,
                                max_length=16,
                            ),
                        ),
                        ("actor", models.CharField(blank=True, default="", max_length=160)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "url",
                            models.CharField(
                                help_text="An https address whose host your operator has allowed, for example https://example.com/hooks.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "events",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[approvals.models.webhooks.known_shape],
                                verbose_name="events",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="An inactive webhook sends nothing. Later it goes on where it stopped.",
                                verbose_name="active",
                            ),
                        ),
                        ("nonce", models.CharField(blank=True, default="", editable=False, max_length=32)),
                        ("issued_at", models.DateTimeField(editable=False, null=True, verbose_name="secret issued")),
                        ("former_nonce", models.CharField(blank=True, default="", editable=False, max_length=32)),
                        (
                            "former_until",
                            models.DateTimeField(editable=False, null=True, verbose_name="former secret valid until"),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "history_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                        ),
                        ("history_date", models.DateTimeField()),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "action_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.actiontype",
                                verbose_name="action type",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="If the owner also owns this agent, the webhook sends all events that the agent can read.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.agent",
                                verbose_name="agent",
                            ),
                        ),
                        (
                            "client",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.client",
                                verbose_name="client",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="approvals.ledgerentry",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                help_text="The webhook sends only events that this person may see.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical webhook",
                        "verbose_name_plural": "historical webhooks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="WebhookCursor",
                    fields=[
                        (
                            "webhook",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                primary_key=True,
                                related_name="cursor",
                                serialize=False,
                                to="approvals.webhook",
                            ),
                        ),
                        ("position", models.PositiveBigIntegerField(verbose_name="position")),
                        ("sequence", models.PositiveBigIntegerField(default=0, verbose_name="deliveries")),
                        ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                        ("retry_at", models.DateTimeField(null=True, verbose_name="next attempt")),
                        ("leased_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "webhook cursor",
                        "verbose_name_plural": "webhook cursors",
                    },
                ),
                migrations.CreateModel(
                    name="WebhookDelivery",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("event", models.CharField(max_length=40, verbose_name="event")),
                        ("sequence", models.PositiveBigIntegerField(verbose_name="sequence")),
                        (
                            "state",
                            django_fsm.FSMField(
                                choices=[
                                    ("ready", "Queued"),
                                    ("sent", "Sent"),
                                    ("dead", "Failed"),
                                    ("dropped", "No longer visible"),
                                ],
                                default="ready",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        ("not_before", models.DateTimeField(verbose_name="next attempt")),
                        ("leased_until", models.DateTimeField(null=True)),
                        ("created_at", models.DateTimeField(verbose_name="created")),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                        (
                            "action",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "position",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="approvals.ledgerposition",
                                verbose_name="position",
                            ),
                        ),
                        (
                            "webhook",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="approvals.webhook",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook delivery",
                        "verbose_name_plural": "webhook deliveries",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="WebhookAttempt",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=approvals.ids.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="attempt")),
                        ("at", models.DateTimeField(verbose_name="time")),
                        ("milliseconds", models.PositiveIntegerField(verbose_name="duration in ms")),
                        ("status", models.PositiveSmallIntegerField(null=True, verbose_name="status")),
                        ("error", models.CharField(blank=True, default="", max_length=400, verbose_name="error")),
                        ("answer", models.TextField(blank=True, default="", verbose_name="answer")),
                        (
                            "delivery",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="approvals.webhookdelivery",
                                verbose_name="delivery",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "webhook attempt",
                        "verbose_name_plural": "webhook attempts",
                        "ordering": ("number",),
                    },
                ),
                migrations.AddIndex(
                    model_name="webhookdelivery",
                    index=models.Index(
                        models.F("webhook"),
                        models.F("not_before"),
                        condition=models.Q(("state", "ready")),
                        name="webhook_delivery_ready",
                    ),
                ),
                migrations.AddIndex(
                    model_name="webhookdelivery",
                    index=models.Index(
                        models.F("webhook"),
                        models.F("action"),
                        models.F("position"),
                        condition=models.Q(("state", "ready")),
                        name="webhook_delivery_order",
                    ),
                ),
                migrations.AddIndex(
                    model_name="webhookdelivery",
                    index=models.Index(
                        models.F("webhook"), condition=models.Q(("state", "dead")), name="webhook_delivery_dead"
                    ),
                ),
                migrations.AddIndex(
                    model_name="webhookdelivery",
                    index=models.Index(
                        models.F("settled_at"),
                        condition=models.Q(("state__in", ["sent", "dropped"])),
                        name="webhook_delivery_old",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="webhookdelivery",
                    constraint=models.UniqueConstraint(fields=("webhook", "position"), name="webhook_delivery_once"),
                ),
                migrations.AddConstraint(
                    model_name="webhookdelivery",
                    constraint=models.UniqueConstraint(
                        fields=("webhook", "sequence"), name="webhook_delivery_in_sequence"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="webhookattempt",
                    constraint=models.UniqueConstraint(fields=("delivery", "number"), name="webhook_attempt_once"),
                ),
            ]
        ),
    ]
