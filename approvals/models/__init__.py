"""Models, their constraints and state transitions; a model changes only its own row."""

from approvals.models.action_types import ActionType
from approvals.models.actions import Action
from approvals.models.agents import Agent
from approvals.models.api_keys import ApiKey
from approvals.models.attachments import ActionAttachment, Attachment
from approvals.models.backlogs import Backlog
from approvals.models.break_glass import BreakGlass, BreakGlassUse
from approvals.models.calendars import Absence, Calendar, Holiday, Hours
from approvals.models.claims import Claim
from approvals.models.clients import Client
from approvals.models.counters import Counter, CounterSnapshot
from approvals.models.decisions import Decision
from approvals.models.delegations import Delegation
from approvals.models.deliveries import Delivery
from approvals.models.directory import Duty, Employee, SubjectOwner
from approvals.models.evaluations import PolicyEvaluation
from approvals.models.exchange_rates import ExchangeRate
from approvals.models.executions import Attempt, Execution, StopRequest
from approvals.models.exports import Export
from approvals.models.flow import Breaker, FlowLimit, FlowStart
from approvals.models.halts import Halt
from approvals.models.heartbeats import Beat
from approvals.models.installation import Installation
from approvals.models.ledger import LedgerEntry, LedgerOutbox, LedgerPosition
from approvals.models.lookups import LookupResult
from approvals.models.notes import Note
from approvals.models.password_attempts import PasswordTries
from approvals.models.people import Desk, Membership, Person
from approvals.models.restores import LostDispatch, Restore, RestoreEnd
from approvals.models.revisions import Revision
from approvals.models.samples import SampleCheck
from approvals.models.saved_views import SavedView
from approvals.models.stages import Stage
from approvals.models.standing_rules import StandingRule, StandingUse
from approvals.models.texts import Text
from approvals.models.tightenings import Tightening
from approvals.models.webhooks import Webhook, WebhookAttempt, WebhookCursor, WebhookDelivery

__all__ = [
    "Absence",
    "Action",
    "ActionAttachment",
    "ActionType",
    "Agent",
    "ApiKey",
    "Attachment",
    "Attempt",
    "Backlog",
    "Beat",
    "BreakGlass",
    "BreakGlassUse",
    "Breaker",
    "Calendar",
    "Claim",
    "Client",
    "Counter",
    "CounterSnapshot",
    "Decision",
    "Delegation",
    "Delivery",
    "Desk",
    "Duty",
    "Employee",
    "ExchangeRate",
    "Execution",
    "Export",
    "FlowLimit",
    "FlowStart",
    "Halt",
    "Holiday",
    "Hours",
    "Installation",
    "LedgerEntry",
    "LedgerOutbox",
    "LedgerPosition",
    "LookupResult",
    "LostDispatch",
    "Membership",
    "Note",
    "PasswordTries",
    "Person",
    "PolicyEvaluation",
    "Restore",
    "RestoreEnd",
    "Revision",
    "SampleCheck",
    "SavedView",
    "Stage",
    "StandingRule",
    "StandingUse",
    "StopRequest",
    "SubjectOwner",
    "Text",
    "Tightening",
    "Webhook",
    "WebhookAttempt",
    "WebhookCursor",
    "WebhookDelivery",
]
