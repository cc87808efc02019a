"""Every page that registers itself on the admin site; imported when the site exists."""

from approvals.admin.actions import ActionAdmin
from approvals.admin.calendars import CalendarAdmin
from approvals.admin.catalog import ActionTypeAdmin, AgentAdmin, ExchangeRateAdmin
from approvals.admin.delegations import AbsenceAdmin, DelegationAdmin
from approvals.admin.directory import DutyAdmin, EmployeeAdmin, SubjectOwnerAdmin
from approvals.admin.fetched import FetchedAdmin
from approvals.admin.glass_records import BreakGlassAdmin
from approvals.admin.keys import ApiKeyAdmin
from approvals.admin.people import DeskAdmin, MembershipAdmin, PersonAdmin
from approvals.admin.records import (
    DecisionAdmin,
    DeliveryAdmin,
    EntryAdmin,
    ExecutionAdmin,
    HaltAdmin,
    RevisionAdmin,
    RulingAdmin,
    StageAdmin,
)
from approvals.admin.standing_records import SampleCheckAdmin, StandingRuleAdmin

__all__ = [
    "AbsenceAdmin",
    "ActionAdmin",
    "ActionTypeAdmin",
    "AgentAdmin",
    "ApiKeyAdmin",
    "BreakGlassAdmin",
    "CalendarAdmin",
    "DecisionAdmin",
    "DelegationAdmin",
    "DeliveryAdmin",
    "DeskAdmin",
    "DutyAdmin",
    "EmployeeAdmin",
    "EntryAdmin",
    "ExchangeRateAdmin",
    "ExecutionAdmin",
    "FetchedAdmin",
    "HaltAdmin",
    "MembershipAdmin",
    "PersonAdmin",
    "RevisionAdmin",
    "RulingAdmin",
    "SampleCheckAdmin",
    "StageAdmin",
    "StandingRuleAdmin",
    "SubjectOwnerAdmin",
]
