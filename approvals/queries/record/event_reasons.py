"""Why an event happened, in the reader's language: the record keeps the English sentences that services write."""

import re
from collections.abc import Mapping
from functools import lru_cache

from policies import words
from policies.engine.values.said import message

# Of actions, whose reasons are sentences of services. Other events have a person's own words.
_OURS = (
    *("action.", "break_glass.used", "check.", "claim.", "decision.", "execution.", "facts.", "information."),
    *("notice.", "stage.", "end.", "cancel."),
)
# An agent's own words are shown as they are.
_OWN_WORDS = frozenset({"action.withdrawn"})
_WHOLE = (
    message("A notification could not be sent"),
    message("Result received after the lease expired"),
    message("Answered with revision {number}"),
    message("Decided with break-glass access"),
    message("Stopped with break-glass access"),
    message("Asked to cancel"),
    message("Canceled: it was not executed, and is not sent again"),
    message("Dispatched"),
    message("Escalation undone"),
    message("Executed"),
    message("Execution failed"),
    message("Handed over"),
    message("Lookups finished: {found} of {all} returned a value"),
    message("No one decided before the due time"),
    message("No one decided before the due time; escalated to senior reviewers"),
    message("Not executed: {why}"),
    message("Policy no longer blocks this action"),
    message("Policy now blocks this action: {rules}"),
    message("Proposed again to override a policy block"),
    message("Proposed to reverse {kind}"),
    message("Approval redeemed by the agent"),
    message("Reevaluated: policy now requires additional approval"),
    message("Rejection undone"),
    message("Possibly sent before the database was restored"),
    message("Released"),
    message("Reminder: {stage} is due soon"),
    message("Resolved: the action was not executed"),
    message("Resolved: the action was executed"),
    message("Resolved: the action was executed and will be reversed manually"),
    message("Another attempt scheduled"),
    message("Sent again"),
    message("Sent to a senior reviewer because a standing denial ended or could not be applied"),
    message("Sent to the target system, but the result is unknown"),
    message("Taken over"),
    message("The action type has no lookup with the required name."),
    message("The agent’s deadline has passed"),
    message("The attachments of this action were changed outside HITL."),
    message("The approval expired before execution"),
    message("Approval undone before execution"),
    message("Its end came before anyone decided"),
    message("Its end came before it was executed"),
    message("End dispatched"),
    message("Ended early"),
    message("Ended: the effect was reversed"),
    message("Ended: another action reversed the effect"),
    message("The end failed: the effect was not reversed"),
    message("The end was sent to the target system, but the result is unknown"),
)
# The lazy parts come last; a name in them may hold any text.
_OPEN = (
    message("Approved by policy {policy}: {rules}"),
    message("Blocked by policy {policy}: {rules}"),
    message("Sent to review by policy {policy}: {rules}"),
    message("Sent to review because of a halt; would have run automatically under policy {policy}: {rules}"),
    message(
        "Sent to review because the action type, agent, or desk was changed outside HITL. Policy {policy} would "
        "have run the action automatically: {rules}"
    ),
    message("Sent to a senior reviewer because the action overrides policy {policy}: {rules}"),
    message("Not executed because its parent {parent} was rejected"),
    message("Not executed because its parent {parent} expired"),
    message("Not executed because its parent {parent} was withdrawn"),
    message("Not executed because its parent {parent} failed"),
    message("{reason} ({code})"),
    message("{reason}, with break-glass access"),
    message("{reason}, on behalf of {person}"),
    message("Approved revision {number} as the assigned reviewer"),
    message("Approved revision {number} as {tier} at {desk}"),
    message("Rejected revision {number} as the assigned reviewer"),
    message("Rejected revision {number} as {tier} at {desk}"),
    message("Escalated revision {number} as the assigned reviewer"),
    message("Escalated revision {number} as {tier} at {desk}"),
    message("Modified and approved revision {number} as the assigned reviewer"),
    message("Modified and approved revision {number} as {tier} at {desk}"),
    message("Approved by the standing rule created by {person} and {other} on {day}"),
    message("Approved by the standing rule created by {person} on {day}"),
    message("Rejected by the standing rule created by {person} and {other} on {day}"),
    message("Rejected by the standing rule created by {person} on {day}"),
    message("Missing attachments: {numbers}. Ask your operator to restore the files, or reject the action."),
    message("Reassigned: {why}"),
    message("{person} is deactivated."),
    message("The action is above the ceiling or maximum stakes of {person}."),
    message("{person} is no longer active in the directory."),
    message("{person} can no longer decide on this action."),
    message("{person} is no longer a member of {desk}."),
    message("{person} is out of office until {until} UTC, but the stage is due before then."),
    message("{asked} has {count} active reviewers who can decide at this stage. Approvals needed: {quorum}."),
    message("The automatic check “{name}” failed."),
    message("The automatic check “{name}” could not run. {why}"),
    message("The check “{name}” could not be completed. {why}"),
)
_SENTENCES = frozenset({"reason", "why", "tier"})
_WRITTEN = {"code": r"[\w.-]+", "day": r"\d{4}-\d{2}-\d{2}"}


def in_words(event: str, reason: str) -> str:
    """Return the reason of an action's event; a sentence that is none of ours stays as it is."""
    is_ours = event.startswith(_OURS) and event not in _OWN_WORDS
    return words.in_words(_read(reason)) if is_ours else reason


def _read(text: str) -> str | Mapping[str, object]:
    for template, pattern in _patterns():
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            values = {name: _read(part) if name in _SENTENCES else part for name, part in parts.items()}
            return {"template": template, "values": _translated(values)}
    return text


def _translated(values: Mapping[str, object]) -> Mapping[str, object]:
    """Sentences that the catalogs know as a whole, such as refusals, are translated as such."""
    whole = {name: words.in_words(values[name]) for name in _SENTENCES & values.keys()}
    days = {name: {"day": values[name]} for name in {"day"} & values.keys()}
    return {**values, **whole, **days}


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((template, _pattern(template)) for template in (*_WHOLE, *_OPEN))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    read = (
        f"(?P<{part}>{_WRITTEN.get(part, '.+?')})" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
    return re.compile("".join(read), re.DOTALL)
