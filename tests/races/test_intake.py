"""Proposals with one key at once: one is taken in, and every answer names it."""

from collections.abc import Sequence
from functools import partial

import pytest

from approvals.models import Action, ActionType, Agent, LedgerEntry
from approvals.services.intake import propose
from approvals.services.intake.results import ProposalResult
from approvals.services.payloads.proposal import Proposal
from tests.races.test_verdicts import rush
from tests.world import NOON, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


def taken(answers: list[object]) -> list[bool]:
    """Whether each answer is a replay; all name the one action that there is."""
    action = Action.objects.get()
    assert LedgerEntry.objects.filter(event="action.proposed").count() == 1
    results = [answer for answer in answers if isinstance(answer, ProposalResult)]
    assert [result.action.pk for result in results] == [action.pk] * len(answers)
    return sorted(result.is_replay for result in results)


@pytest.mark.parametrize("time", range(5))
def test_of_four_at_once_one_is_taken_in(here: World, time: int) -> None:
    proposal = here.proposal()
    take = partial(propose.propose, actor=here.as_agent(), at=NOON, proposal=proposal)
    assert taken(rush([take] * 4)) == [False, True, True, True]


def test_one_in_a_batch_is_found_and_the_others_are_new(here: World) -> None:
    shared = here.proposal()

    def batch(others: list[Proposal]) -> list[ProposalResult]:
        return propose.propose_many(actor=here.as_agent(), at=NOON, proposals=[*others, shared])

    own = [[here.proposal() for _ in range(3)] for _ in range(2)]
    answers = rush([lambda others=others: batch(others) for others in own])
    replays = [[result.is_replay for result in answer] for answer in answers if isinstance(answer, list)]
    assert sorted(replays) == [[False] * 4, [*[False] * 3, True]]
    assert Action.objects.count() == 7


def test_one_that_was_not_there_when_it_was_looked_for_is_found(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look for a key that is in use comes before the insert; a rival may commit in between."""
    proposal = here.proposal()
    propose.propose(actor=here.as_agent(), at=NOON, proposal=proposal)
    kinds = propose._kinds

    def before_the_rival(proposals: Sequence[Proposal], agent: Agent | None) -> list[ActionType]:
        found = list(kinds(proposals, agent))
        for kind in found:
            vars(kind)["has_used_keys"] = False
        return found

    monkeypatch.setattr(propose, "_kinds", before_the_rival)
    answer = propose.propose(actor=here.as_agent(), at=NOON, proposal=proposal)
    assert taken([answer]) == [True]
