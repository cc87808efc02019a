"""The filters that our templates use."""

from django import template

from approvals.display import fragments

register = template.Library()
for _filter in (
    fragments.inert,
    fragments.shown,
    fragments.linked,
    fragments.sentence,
    fragments.warned,
    fragments.amount,
    fragments.risk_badge,
    fragments.state_badge,
    fragments.moment,
    fragments.left,
    fragments.percent,
    fragments.joined,
    fragments.in_words,
    fragments.reason_text,
    fragments.outcome,
    fragments.unlocalized,
    fragments.would_pass,
):
    register.filter(_filter.__name__, _filter)
