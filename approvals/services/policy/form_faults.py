"""What is wrong with an action type before it is saved, at the fields of whatever form it was typed into. Steps."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from approvals.services.policy import action_type_checks, type_names
from approvals.services.policy.lookups import specs
from policies.words import in_words


def of(data: Mapping[str, Any]) -> Iterator[tuple[str, Iterable[str]]]:
    """Errors by field; fields that already failed are not in ``data``."""
    if "schema" in data:
        yield "schema", action_type_checks.faults_of_schema(data["schema"])
    if "automation_requires" in data:
        yield "automation_requires", action_type_checks.faults_of_pointers(data["automation_requires"] or [])
    for name in type_names.POINTERS:
        yield name, action_type_checks.faults_of_pointers([data[name]] if data.get(name) else [])
    yield "summary", action_type_checks.faults_of_summary(data.get("summary", ""))
    yield "policy", action_type_checks.faults_of_policy(data.get("policy", ""))
    yield "lookups", specs.faults_of(data.get("lookups"))
    yield "attachment_types", action_type_checks.faults_of_attachments(data.get("attachment_types"))
    yield "reject_needs", action_type_checks.faults_of_reject_needs(data.get("reject_needs", ""), data.get("reasons"))
    yield "reversal_type", action_type_checks.faults_of_reversal(data)
    yield from action_type_checks.faults_of_answering(data)
    yield from action_type_checks.faults_of_ends(data)
    yield from ((name, [in_words(sentence)]) for name, sentence in type_names.faults(data))
    if {"execution", "connector", "target"} <= set(data):
        yield "target", action_type_checks.faults_of_sending(data["execution"], data["connector"], data["target"])
