"""The filters and tags that our templates use."""

from django import template

from approvals.display import fragments
from approvals.services.intake import publish_policy

register = template.Library()
for _filter in (
    fragments.inert,
    fragments.shown,
    fragments.shown_as,
    fragments.linked,
    fragments.sentence,
    fragments.warned,
    fragments.amount,
    fragments.risk_badge,
    fragments.state_badge,
    fragments.moment,
    fragments.left,
    fragments.age,
    fragments.percent,
    fragments.share_of,
    fragments.leads_to,
    fragments.joined,
    fragments.in_words,
    fragments.reason_text,
    fragments.translated,
    fragments.outcome,
    fragments.unlocalized,
    fragments.would_pass,
):
    register.filter(_filter.__name__, _filter)
register.simple_tag(publish_policy.pending, name="publication_request")
