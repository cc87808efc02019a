"""Rows, their constraints and the lifecycle's transitions; a model touches its own row only."""

from approvals.models.actions import Action
from approvals.models.beats import Beat
from approvals.models.break_glass import BreakGlass, BreakGlassUse
from approvals.models.calendars import Absence, Calendar, Holiday, Hours
from approvals.models.catalog import ActionType, Agent, ApiKey, ExchangeRate
from approvals.models.claims import Claim
from approvals.models.decisions import Decision
from approvals.models.delegations import Delegation
from approvals.models.deliveries import Delivery
from approvals.models.directory import Duty, Employee, SubjectOwner
from approvals.models.executions import Attempt, Execution
from approvals.models.fetched import Fetched
from approvals.models.halts import Halt
from approvals.models.ledger import Entry, Pending, Position
from approvals.models.notes import Note
from approvals.models.people import Desk, Membership, Person
from approvals.models.revisions import Revision
from approvals.models.rulings import Ruling
from approvals.models.samples import SampleCheck
from approvals.models.saved_views import SavedView
from approvals.models.stages import Stage
from approvals.models.standing_rules import StandingRule, StandingUse
from approvals.models.tallies import Mark, Tally
from approvals.models.texts import Text
from approvals.models.tries import PasswordTries

__all__ = [
    "Absence",
    "Action",
    "ActionType",
    "Agent",
    "ApiKey",
    "Attempt",
    "Beat",
    "BreakGlass",
    "BreakGlassUse",
    "Calendar",
    "Claim",
    "Decision",
    "Delegation",
    "Delivery",
    "Desk",
    "Duty",
    "Employee",
    "Entry",
    "ExchangeRate",
    "Execution",
    "Fetched",
    "Halt",
    "Holiday",
    "Hours",
    "Mark",
    "Membership",
    "Note",
    "PasswordTries",
    "Pending",
    "Person",
    "Position",
    "Revision",
    "Ruling",
    "SampleCheck",
    "SavedView",
    "Stage",
    "StandingRule",
    "StandingUse",
    "SubjectOwner",
    "Tally",
    "Text",
]
