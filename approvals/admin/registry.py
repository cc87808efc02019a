"""Imports every self-registering admin page once the site exists."""

from django.contrib import admin

from approvals.admin.base.exported import ExportedAdmin, ListOf
from approvals.admin.records.actions import ActionAdmin
from approvals.admin.records.break_glass import BreakGlassAdmin
from approvals.admin.records.delegations import AbsenceAdmin, DelegationAdmin
from approvals.admin.records.evidence import (
    DecisionAdmin,
    DeliveryAdmin,
    EntryAdmin,
    ExecutionAdmin,
    HaltAdmin,
    PolicyEvaluationAdmin,
    RevisionAdmin,
    StageAdmin,
)
from approvals.admin.records.lookups import FetchedAdmin
from approvals.admin.records.standing_rules import SampleCheckAdmin, StandingRuleAdmin
from approvals.admin.setup.api_keys import ApiKeyAdmin
from approvals.admin.setup.calendars import CalendarAdmin
from approvals.admin.setup.catalog import ActionTypeAdmin, AgentAdmin, ExchangeRateAdmin
from approvals.admin.setup.clients import ClientAdmin
from approvals.admin.setup.directory import DutyAdmin, EmployeeAdmin, SubjectOwnerAdmin
from approvals.admin.setup.flow_limits import FlowLimitAdmin
from approvals.admin.setup.people import DeskAdmin, MembershipAdmin, PersonAdmin
from approvals.admin.setup.webhooks.deliveries import WebhookDeliveryAdmin
from approvals.admin.setup.webhooks.subscriptions import WebhookAdmin
from approvals.services.exports import lists

for _shown in admin.site._registry.values():
    if isinstance(_shown, ExportedAdmin):
        lists.offer(_shown.opts.label_lower, ListOf(_shown))

__all__ = [
    "AbsenceAdmin",
    "ActionAdmin",
    "ActionTypeAdmin",
    "AgentAdmin",
    "ApiKeyAdmin",
    "BreakGlassAdmin",
    "CalendarAdmin",
    "ClientAdmin",
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
    "FlowLimitAdmin",
    "HaltAdmin",
    "MembershipAdmin",
    "PersonAdmin",
    "PolicyEvaluationAdmin",
    "RevisionAdmin",
    "SampleCheckAdmin",
    "StageAdmin",
    "StandingRuleAdmin",
    "SubjectOwnerAdmin",
    "WebhookAdmin",
    "WebhookDeliveryAdmin",
]
