"""The addresses below /api/; whatever is no call is a problem document too."""

from django.urls import path, re_path

from approvals.api import deciding, discovery, docs, executing, halting, proposing, reading, standing
from approvals.api.door import Nothing

app_name = "api"

ONE = "v1/actions/<uuid:action_id>"

urlpatterns = [
    path("v1/actions/", proposing.Actions.as_view(), name="actions"),
    path("v1/actions/batch/", proposing.Batch.as_view(), name="batch"),
    path(f"{ONE}/", reading.OneAction.as_view(), name="action"),
    path(f"{ONE}/timeline/", reading.TimelineOf.as_view(), name="timeline"),
    path(f"{ONE}/withdraw/", executing.Withdraw.as_view(), name="withdraw"),
    path(f"{ONE}/consume/", executing.Consume.as_view(), name="consume"),
    path(f"{ONE}/outcome/", executing.Outcome.as_view(), name="outcome"),
    path(f"{ONE}/approve/", deciding.Approve.as_view(), name="approve"),
    path(f"{ONE}/reject/", deciding.Reject.as_view(), name="reject"),
    path(f"{ONE}/modify/", deciding.Modify.as_view(), name="modify"),
    path(f"{ONE}/escalate/", deciding.Escalate.as_view(), name="escalate"),
    path(f"{ONE}/undo/", deciding.Undo.as_view(), name="undo"),
    path(f"{ONE}/request_info/", deciding.RequestInfo.as_view(), name="request_info"),
    path(f"{ONE}/answer/", executing.Answer.as_view(), name="answer"),
    path(f"{ONE}/claim/", deciding.Claim.as_view(), name="claim"),
    path(f"{ONE}/release/", deciding.Release.as_view(), name="release"),
    path(f"{ONE}/hand_over/", deciding.HandOver.as_view(), name="hand_over"),
    path(f"{ONE}/override/", deciding.Reopen.as_view(), name="reopen"),
    path(f"{ONE}/resolve/", deciding.Resolve.as_view(), name="resolve"),
    path("v1/corrections/", reading.Corrections.as_view(), name="corrections"),
    path("v1/evaluate/", discovery.Evaluate.as_view(), name="evaluate"),
    path("v1/queue/", reading.Queue.as_view(), name="queue"),
    path("v1/events/", reading.Events.as_view(), name="events"),
    path("v1/halts/", halting.Halts.as_view(), name="halts"),
    path("v1/halts/<uuid:halt_id>/lift/", halting.Lift.as_view(), name="lift"),
    path("v1/standing_rules/", standing.StandingRules.as_view(), name="standing_rules"),
    path("v1/standing_rules/<uuid:rule_id>/", standing.OneStandingRule.as_view(), name="standing_rule"),
    path("v1/standing_rules/<uuid:rule_id>/confirm/", standing.Confirm.as_view(), name="standing_confirm"),
    path("v1/standing_rules/<uuid:rule_id>/stop/", standing.Stop.as_view(), name="standing_stop"),
    path("v1/me/", discovery.Me.as_view(), name="me"),
    path("v1/action_types/", discovery.ActionTypes.as_view(), name="action_types"),
    path("v1/schema/", docs.schema, name="schema"),
    path("v1/docs/", docs.Docs.as_view(), name="docs"),
    re_path(r"^(?P<rest>.*)$", Nothing.as_view(), name="nothing"),
]
