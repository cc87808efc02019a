"""The URLs below /api/; unknown ones return a problem document."""

from django.urls import path, re_path

from approvals.api import attachments, decisions, discovery, docs, execution, halts, intake, record, standing_rules
from approvals.api.base.call import Nothing

app_name = "api"

ONE = "v1/actions/<uuid:action_id>"

urlpatterns = [
    path("v1/actions/", intake.Actions.as_view(), name="actions"),
    path("v1/actions/batch/", intake.Batch.as_view(), name="batch"),
    path(f"{ONE}/", record.OneAction.as_view(), name="action"),
    path(f"{ONE}/timeline/", record.TimelineOf.as_view(), name="timeline"),
    path(f"{ONE}/revisions/", record.Revisions.as_view(), name="revisions"),
    path(f"{ONE}/withdraw/", execution.Withdraw.as_view(), name="withdraw"),
    path(f"{ONE}/consume/", execution.Consume.as_view(), name="consume"),
    path(f"{ONE}/outcome/", execution.Outcome.as_view(), name="outcome"),
    path(f"{ONE}/approve/", decisions.Approve.as_view(), name="approve"),
    path(f"{ONE}/reject/", decisions.Reject.as_view(), name="reject"),
    path(f"{ONE}/modify/", decisions.Modify.as_view(), name="modify"),
    path(f"{ONE}/escalate/", decisions.Escalate.as_view(), name="escalate"),
    path(f"{ONE}/undo/", decisions.Undo.as_view(), name="undo"),
    path(f"{ONE}/end/", decisions.End.as_view(), name="end"),
    path(f"{ONE}/cancel/", decisions.Cancel.as_view(), name="cancel"),
    path(f"{ONE}/request_info/", decisions.RequestInfo.as_view(), name="request_info"),
    path(f"{ONE}/answer/", execution.Answer.as_view(), name="answer"),
    path(f"{ONE}/claim/", decisions.Claim.as_view(), name="claim"),
    path(f"{ONE}/release/", decisions.Release.as_view(), name="release"),
    path(f"{ONE}/hand_over/", decisions.HandOver.as_view(), name="hand_over"),
    path(f"{ONE}/override/", decisions.Override.as_view(), name="reopen"),
    path(f"{ONE}/resolve/", decisions.Resolve.as_view(), name="resolve"),
    path("v1/attachments/", attachments.Attachments.as_view(), name="attachments"),
    path("v1/attachments/<uuid:attachment_id>/", attachments.OneAttachment.as_view(), name="attachment"),
    path("v1/corrections/", record.Corrections.as_view(), name="corrections"),
    path("v1/evaluate/", discovery.Evaluate.as_view(), name="evaluate"),
    path("v1/queue/", record.Queue.as_view(), name="queue"),
    path("v1/events/", record.Events.as_view(), name="events"),
    path("v1/halts/", halts.Halts.as_view(), name="halts"),
    path("v1/halts/<uuid:halt_id>/lift/", halts.Lift.as_view(), name="lift"),
    path("v1/standing_rules/", standing_rules.StandingRules.as_view(), name="standing_rules"),
    path("v1/standing_rules/<uuid:rule_id>/", standing_rules.OneStandingRule.as_view(), name="standing_rule"),
    path("v1/standing_rules/<uuid:rule_id>/confirm/", standing_rules.Confirm.as_view(), name="standing_confirm"),
    path("v1/standing_rules/<uuid:rule_id>/stop/", standing_rules.Stop.as_view(), name="standing_stop"),
    path("v1/me/", discovery.Me.as_view(), name="me"),
    path("v1/action_types/", discovery.ActionTypes.as_view(), name="action_types"),
    path("v1/schema/", docs.Schema.as_view(), name="schema"),
    path("v1/docs/", docs.Docs.as_view(), name="docs"),
    # A dot would leave out what has a line break in it.
    re_path(r"^(?P<rest>[\s\S]*)$", Nothing.as_view(), name="nothing"),
]
