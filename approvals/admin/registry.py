"""Every page that registers itself on the admin site; imported when the site exists."""

from approvals.admin.actions import ActionAdmin
from approvals.admin.catalog import ActionTypeAdmin, AgentAdmin, ExchangeRateAdmin
from approvals.admin.directory import DutyAdmin, EmployeeAdmin, SubjectOwnerAdmin
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

__all__ = [
    "ActionAdmin",
    "ActionTypeAdmin",
    "AgentAdmin",
    "ApiKeyAdmin",
    "DecisionAdmin",
    "DeliveryAdmin",
    "DeskAdmin",
    "DutyAdmin",
    "EmployeeAdmin",
    "EntryAdmin",
    "ExchangeRateAdmin",
    "ExecutionAdmin",
    "HaltAdmin",
    "MembershipAdmin",
    "PersonAdmin",
    "RevisionAdmin",
    "RulingAdmin",
    "StageAdmin",
    "SubjectOwnerAdmin",
]
