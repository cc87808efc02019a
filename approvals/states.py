"""States and other choices of the lifecycle, and the legal transitions between states.

::

    proposed  -> pending | approved | rejected | withdrawn | expired
    pending   -> approved | modified | rejected | expired | withdrawn
    rejected  -> pending (undone by the person who rejected it)
    approved, modified -> executing | pending | expired | withdrawn | failed (given up before anything was sent)
    executing -> executed | failed | uncertain
    failed    -> executing          uncertain -> executing | executed | failed

``rejected`` means that a person or policy refused. ``expired`` means that nobody decided in time.
``withdrawn`` means that its agent withdrew it, or that its parent ended without effect.
``uncertain`` means that the request was sent but the result is unknown; a person resolves it.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActionState(models.TextChoices):
    """Where an action stands."""

    PROPOSED = "proposed", _("Proposed")
    PENDING = "pending", _("Pending")
    APPROVED = "approved", _("Approved")
    MODIFIED = "modified", _("Modified")
    REJECTED = "rejected", _("Rejected")
    EXECUTING = "executing", _("Executing")
    EXECUTED = "executed", _("Executed")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = ActionState
# The guards' SQL and the sets below are made of these pairs; a test holds the model's transitions equal to them.
LEGAL: dict[str, frozenset[str]] = {
    S.PROPOSED: frozenset({S.PENDING, S.APPROVED, S.REJECTED, S.WITHDRAWN, S.EXPIRED}),
    S.PENDING: frozenset({S.APPROVED, S.MODIFIED, S.REJECTED, S.EXPIRED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.EXECUTING, S.PENDING, S.EXPIRED, S.WITHDRAWN, S.FAILED}),
    S.MODIFIED: frozenset({S.EXECUTING, S.PENDING, S.EXPIRED, S.WITHDRAWN, S.FAILED}),
    S.EXECUTING: frozenset({S.EXECUTED, S.FAILED, S.UNCERTAIN}),
    S.FAILED: frozenset({S.EXECUTING}),
    S.UNCERTAIN: frozenset({S.EXECUTING, S.EXECUTED, S.FAILED}),
    S.REJECTED: frozenset({S.PENDING}),
    S.EXECUTED: frozenset(),
    S.EXPIRED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
LEGAL_PAIRS = tuple(sorted((source, target) for source, targets in LEGAL.items() for target in targets))

OPEN = frozenset({S.PROPOSED, S.PENDING})
GRANTED = frozenset({S.APPROVED, S.MODIFIED})
# What may run or has run: the history that a subject's usual values come from.
STOOD = GRANTED | {S.EXECUTING, S.EXECUTED}
DECIDED = frozenset(S.values) - OPEN
# In these states an action may still come to run, and nothing was sent for it.
UNSENT = OPEN | GRANTED
# In these states an action has had no effect.
WITHOUT_EFFECT = (S.REJECTED, S.EXPIRED, S.WITHDRAWN, S.FAILED)
TERMINAL = frozenset(state for state, targets in LEGAL.items() if not targets)
FINAL = TERMINAL | {S.REJECTED, S.FAILED, S.UNCERTAIN}


class ExecutionState(models.TextChoices):
    """State of an execution; ``canceled`` means undone before anything was sent."""

    READY = "ready", _("Ready")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    CANCELED = "canceled", _("Canceled")


# As above, for the transitions of an execution.
EXECUTION_LEGAL: dict[str, tuple[str, ...]] = {
    ExecutionState.READY: (ExecutionState.RUNNING, ExecutionState.CANCELED, ExecutionState.FAILED),
    ExecutionState.RUNNING: (ExecutionState.SUCCEEDED, ExecutionState.FAILED, ExecutionState.UNCERTAIN),
    ExecutionState.UNCERTAIN: (ExecutionState.SUCCEEDED, ExecutionState.FAILED),
}


class ExecutionMode(models.TextChoices):
    """Who executes the action: a worker, or the agent after it redeems the approval."""

    CONNECTOR = "connector", _("Connector")
    AGENT = "agent", _("Agent")


class RejectNeeds(models.TextChoices):
    """What a reviewer has to give when they reject an action of a type."""

    NOTHING = "nothing", _("Nothing")
    REASON = "reason", _("A reason")
    CODE = "code", _("A predefined reason")


class Ends(models.TextChoices):
    """Whether actions of a type may or must carry a time at which their effect ends."""

    NEVER = "never", _("Never")
    OPTIONAL = "optional", _("Optional")
    REQUIRED = "required", _("Required")


class Tier(models.IntegerChoices):
    """Reviewer tier; a higher tier includes the lower one."""

    JUNIOR = 1, _("Junior")
    SENIOR = 2, _("Senior")


class StageKind(models.TextChoices):
    """Whether a stage asks people or checks a condition."""

    PEOPLE = "people", _("People")
    CHECK = "check", _("Automatic check")


class StageState(models.TextChoices):
    """State of a stage; waiting stages follow the open one."""

    WAITING = "waiting", _("Waiting")
    OPEN = "open", _("Open")
    SATISFIED = "satisfied", _("Satisfied")
    REFUSED = "refused", _("Rejected")
    EXPIRED = "expired", _("Expired")
    SUPERSEDED = "superseded", _("Superseded")


class FetchState(models.TextChoices):
    """Result of a lookup."""

    FOUND = "found", _("Found")
    NOTHING = "nothing", _("Nothing found")
    UNREACHABLE = "unreachable", _("No response")


class DecisionType(models.TextChoices):
    """What was decided."""

    APPROVE = "approve", _("Approved")
    MODIFY = "modify", _("Modified")
    REJECT = "reject", _("Rejected")
    ESCALATE = "escalate", _("Escalated")
    UNDO = "undo", _("Undone")
    EXPIRE = "expire", _("Expired")


GRANTS = frozenset({DecisionType.APPROVE, DecisionType.MODIFY})


class DecisionSource(models.TextChoices):
    """Who or what decided."""

    PERSON = "person", _("Person")
    POLICY = "policy", _("Policy")
    STANDING_RULE = "standing_rule", _("Standing rule")
    DEADLINE = "deadline", _("Deadline")
    CHECK = "check", _("Automatic check")


class HaltScope(models.TextChoices):
    """What a halt stops."""

    EVERYTHING = "everything", _("Everything")
    DESK = "desk", _("Desk")
    ACTION_TYPE = "action_type", _("Action type")
    AGENT = "agent", _("Agent")
    CONNECTOR = "connector", _("Connector")


class StandingVerdict(models.TextChoices):
    """What a standing rule decides for matching actions."""

    APPROVE = "approve", _("Always approve")
    DENY = "deny", _("Always reject")


class StandingState(models.TextChoices):
    """State of a standing rule; ``stopped`` means ended by a person or by a change of its conditions."""

    PROPOSED = "proposed", _("Awaiting confirmation")
    ACTIVE = "active", _("Active")
    STOPPED = "stopped", _("Ended")
    EXPIRED = "expired", _("Expired")


STANDING = frozenset({StandingState.PROPOSED, StandingState.ACTIVE})


class StandingRuleApprovers(models.IntegerChoices):
    """How many people must approve a standing approval for an action type."""

    NEVER = 0, _("Not allowed")
    ONE = 1, _("One reviewer")
    TWO = 2, _("Two reviewers")


class SampleState(models.TextChoices):
    """State of a spot check of an automatic run."""

    OPEN = "open", _("Open")
    OK = "ok", _("Correct")
    WRONG = "wrong", _("Incorrect")


class Reversibility(models.TextChoices):
    """Whether the effect can be undone."""

    REVERSIBLE = "reversible", _("Reversible")
    IRREVERSIBLE = "irreversible", _("Irreversible")


class Stakes(models.TextChoices):
    """How much is lost if the action goes wrong."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class Mode(models.TextChoices):
    """How people and machines share the work; the first mode automates the least."""

    IN_COMMAND = "human_in_command", _("Human in command")
    IN_THE_LOOP = "in_the_loop", _("Human in the loop")
    ON_THE_LOOP = "on_the_loop", _("Human on the loop")
    AUTONOMOUS = "autonomous", _("Autonomous")


# The header of an email that names its kind.
KIND_HEADER = "X-HITL-Kind"


class MailKind(models.TextChoices):
    """What an email is about, for people who sort or filter their mail."""

    DECISION = "decision", _("Decision requests")
    NOTICE = "notice", _("Notices about actions")
    DIGEST = "digest", _("Digests")
    ALARM = "alarm", _("Alarms")
    CONFIGURATION = "configuration", _("Configuration changes")
    ACCOUNT = "account", _("Accounts")
    OTHER = "other", _("Other")
