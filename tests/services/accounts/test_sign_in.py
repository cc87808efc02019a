"""An account whose password or address another person set counts as that person, in every rule that counts people."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client

from approvals.actors import Actor, Door, system
from approvals.authority import identity
from approvals.errors import NotAllowed, SelfApproval
from approvals.models import ApiKey, Membership, Person, SampleCheck
from approvals.services.accounts import api_keys, delegations, sign_in
from approvals.services.automation import sampling
from approvals.services.catalog import rows
from approvals.services.notifications import queue
from approvals.services.safety import break_glass, halts
from approvals.states import Tier
from tests import plans, world
from tests.services.automation import given
from tests.world import World, now

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def root(here: World) -> Person:
    """An administrator, who reviews at the desk as well."""
    person = world.person("root", is_superuser=True)
    Membership.objects.create(person=person, desk=here.desk, tier=Tier.SENIOR)
    return person


def fresh(*people: Person) -> list[Person]:
    found = Person.objects.in_bulk([person.pk for person in people])
    return [found[person.pk] for person in people]


def set_password(setter: Person, person: Person) -> None:
    sign_in.set_password(
        actor=Actor(Door.ADMIN, person=setter), at=now(), person_id=person.pk, password="correct horse 7"
    )


def change_address(setter: Person, person: Person, address: str = "elsewhere@example.com") -> None:
    changed = Person.objects.get(pk=person.pk)
    changed.email = address
    rows.save(changed, Actor(Door.ADMIN, person=setter), ["email"])


def mailed(kind: str = "") -> list[Any]:
    """What was mailed, after everything that is queued went out."""
    mail.outbox.clear()
    queue.deliver_ready(actor=system(Door.CELERY), clock=now)
    return [letter for letter in mail.outbox if kind in letter.subject]


def use_link(setter: Person, person: Person, password: str = "battery staple 8") -> Client:
    """Have a link mailed, open it as whoever reads the mail, and set a password."""
    sign_in.send_link(actor=Actor(Door.ADMIN, person=setter), at=now(), person_id=person.pk)
    (letter,) = mailed("Set your password")
    address = re.search(r"/admin/set-password/\S+", str(letter.body))
    assert address is not None
    client = Client()
    form = client.get(address[0], follow=True).redirect_chain[0][0]
    answer = client.post(form, {"new_password1": password, "new_password2": password})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert client.get(address[0]).status_code == 200, "a used link shows that it is used"
    return client


def are_one(*people: Person) -> bool:
    first, second = fresh(*people)
    return identity.are_one(first, second)


class TestAPassword:
    def test_that_an_administrator_set_makes_two_accounts_one(self, here: World, root: Person) -> None:
        set_password(root, here.junior)
        assert are_one(here.junior, root)
        assert not are_one(here.senior, root)

    def test_makes_all_one_whose_passwords_one_administrator_set(self, here: World, root: Person) -> None:
        set_password(root, here.junior)
        set_password(root, here.senior)
        assert are_one(here.junior, here.senior)

    def test_set_by_its_owner_with_a_mailed_link_frees_the_account(self, here: World, root: Person) -> None:
        set_password(root, here.junior)
        use_link(root, here.junior)
        assert not are_one(here.junior, root)
        assert fresh(here.junior)[0].check_password("battery staple 8")

    def test_set_by_its_owner_ends_the_tokens_that_another_may_have_kept(self, here: World, root: Person) -> None:
        set_password(root, here.junior)
        (junior,) = fresh(here.junior)
        expires = now() + timedelta(days=30)
        actor = Actor(Door.ADMIN, person=junior)
        key = api_keys.issue(actor=actor, at=now(), person=junior, scopes=["decide"], expires_at=expires).key
        use_link(root, here.junior)
        assert ApiKey.objects.get(pk=key.pk).revoked_at is not None

    def test_set_with_a_link_to_an_address_that_the_administrator_chose_is_theirs(
        self, here: World, root: Person
    ) -> None:
        change_address(root, here.junior)
        assert not are_one(here.junior, root)
        use_link(root, here.junior)
        assert are_one(here.junior, root)

    def test_is_the_owners_again_once_another_administrator_confirmed_the_address(
        self, here: World, root: Person
    ) -> None:
        change_address(root, here.junior)
        other = world.person("other", is_superuser=True)
        with pytest.raises(SelfApproval):
            confirm(root, here.junior)
        confirm(other, here.junior)
        use_link(root, here.junior)
        assert not are_one(here.junior, root)

    def test_tells_its_owner_at_every_address(self, here: World, root: Person) -> None:
        change_address(root, here.junior)
        assert sorted(letter.to[0] for letter in mailed("email address")) == [
            "elsewhere@example.com",
            "junior@example.com",
        ]
        set_password(root, here.junior)
        letters = mailed("password")
        assert sorted(letter.to[0] for letter in letters) == ["elsewhere@example.com", "junior@example.com"]
        assert "root" in letters[0].body

    def test_is_set_by_superusers_alone(self, here: World) -> None:
        with pytest.raises(NotAllowed):
            set_password(here.senior, here.junior)

    def test_set_by_a_link_takes_the_link_of_the_address_that_was_asked_for(self, here: World, root: Person) -> None:
        sign_in.send_link(actor=Actor(Door.ADMIN, person=root), at=now(), person_id=here.junior.pk)
        (letter,) = mailed("Set your password")
        change_address(root, here.junior)
        address = re.search(r"/admin/set-password/\S+", str(letter.body))
        assert address is not None
        assert b"new_password1" not in Client().get(address[0], follow=True).content


def confirm(who: Person, person: Person) -> None:
    (asker,) = fresh(who)
    sign_in.confirm_address(actor=Actor(Door.ADMIN, person=asker), at=now(), person_id=person.pk)


class TestAnAddress:
    def test_is_confirmed_by_its_owner_with_their_own_password(self, here: World, root: Person) -> None:
        change_address(root, here.junior)
        confirm(here.junior, here.junior)
        use_link(root, here.junior)
        assert not are_one(here.junior, root)

    def test_is_not_confirmed_with_a_password_of_whoever_changed_it(self, here: World, root: Person) -> None:
        change_address(root, here.junior)
        set_password(root, here.junior)
        with pytest.raises(SelfApproval):
            confirm(here.junior, here.junior)

    def test_of_a_superuser_is_confirmed_by_superusers_alone(self, here: World, root: Person) -> None:
        change_address(world.person("other", is_superuser=True), root)
        with pytest.raises(NotAllowed):
            confirm(here.senior, root)


class TestAMembership:
    def test_is_told_to_the_person_who_gets_it(self, here: World, root: Person) -> None:
        seat = Membership(person=here.owner, desk=here.desk, tier=Tier.JUNIOR)
        rows.save(seat, Actor(Door.ADMIN, person=root), (), is_new=True)
        (letter,) = mailed("permissions")
        assert (
            letter.to,
            "You were added to Finance, or your membership was changed. Tier: Junior" in letter.body,
        ) == (["owner@example.com"], True)


def _approves_own(here: World, root: Person) -> None:
    action = here.pending(on_behalf_of="root@example.com")
    world.decide("approve", action, *fresh(here.junior))


def _approves_twice(here: World, root: Person) -> None:
    plans.follow(here, plans.PAIR)
    action = here.pending()
    world.decide("approve", action, *fresh(root))
    world.decide("approve", world.fresh(action), *fresh(here.junior))


def _approves_two_stages(here: World, root: Person) -> None:
    plans.follow(here, plans.BOOKS, "{name: again, who: desk, tier: senior}")
    action = here.pending()
    world.decide("approve", action, *fresh(here.junior))
    world.decide("approve", world.fresh(action), *fresh(root))


def _lifts_own_halt(here: World, root: Person) -> None:
    for each in (root, here.junior):
        _empower(each, "add_halt", "change_halt")
    one, other = fresh(root, here.junior)
    halt = halts.start(actor=Actor(Door.ADMIN, person=one), at=now(), scope="everything", reason="Stop.")
    halts.lift(actor=Actor(Door.ADMIN, person=other), at=now(), halt_id=halt.pk, reason="Go on.")


def _confirms_own_rule(here: World, root: Person) -> None:
    here.set_kind(standing_rule_approvers=2)
    action = here.approved()
    rule = given.make(*fresh(here.junior), action)
    given.confirm(*fresh(root), rule)


def _checks_what_own_rule_let_run(here: World, root: Person) -> None:
    given.granting(here, fresh(here.junior)[0], sample_rate=1.0)
    sample = SampleCheck.objects.get(action=here.pending())
    sampling.check(actor=Actor(Door.ADMIN, person=fresh(root)[0]), at=now(), sample_id=sample.pk, is_right=True)


def _reviews_own_break_glass(here: World, root: Person) -> None:
    Membership.objects.filter(person=here.junior).update(ceilings={"EUR": "1000.00"})
    _empower(here.junior, "break_glass")
    (junior,) = fresh(here.junior)
    junior.set_password("secret")
    junior.save(update_fields=["password"])
    actor = Actor(Door.ADMIN, person=junior)
    glass = break_glass.start(actor=actor, at=now(), desk="finance", reason="Fire.", password="secret")
    break_glass.close(actor=actor, at=now(), break_glass_id=glass.pk)
    break_glass.review(
        actor=Actor(Door.ADMIN, person=fresh(root)[0]),
        at=now(),
        break_glass_id=glass.pk,
        finding="justified",
        note="It was right.",
    )


def _lends_power_to_own_account(here: World, root: Person) -> None:
    delegations.grant(
        actor=Actor(Door.ADMIN, person=fresh(root)[0]),
        at=now(),
        person=here.senior,
        delegate=fresh(here.junior)[0],
        ends_at=now() + timedelta(days=1),
        desk=here.desk,
    )


def _changes_the_type_of_own_agent(here: World, root: Person) -> None:
    here.agent.owner = root
    here.agent.save()
    api_keys.issue(actor=system(Door.DEMO), at=now(), agent=here.agent, scopes=["propose:*"])
    here.kind.stakes = "low"
    rows.save(here.kind, Actor(Door.ADMIN, person=fresh(here.junior)[0]), ["stakes"])


def _empower(person: Person, *names: str) -> None:
    person.user_permissions.add(*Permission.objects.filter(codename__in=names))


EVERY_RULE = [
    _approves_own,
    _approves_twice,
    _approves_two_stages,
    _lifts_own_halt,
    _confirms_own_rule,
    _checks_what_own_rule_let_run,
    _reviews_own_break_glass,
    _lends_power_to_own_account,
    _changes_the_type_of_own_agent,
]


@pytest.mark.parametrize("rule", EVERY_RULE)
def test_every_rule_that_counts_people_counts_such_accounts_once(
    here: World, root: Person, rule: Callable[[World, Person], None]
) -> None:
    set_password(root, here.junior)
    with pytest.raises(NotAllowed):
        rule(here, root)


@pytest.mark.parametrize("rule", EVERY_RULE[1:-1])
def test_two_people_are_enough_for_it(here: World, root: Person, rule: Callable[[World, Person], None]) -> None:
    rule(here, root)
