"""The filters that our templates use."""

from django import template

from approvals.queries import presentation

register = template.Library()
for _filter in (
    presentation.inert,
    presentation.shown,
    presentation.linked,
    presentation.sentence,
    presentation.warned,
    presentation.amount,
    presentation.risk_badge,
    presentation.state_badge,
    presentation.moment,
    presentation.left,
    presentation.percent,
    presentation.joined,
    presentation.in_words,
    presentation.outcome,
    presentation.unlocalized,
    presentation.would_pass,
):
    register.filter(_filter.__name__, _filter)
