"""Saved views: one's own filters under a name."""

import pytest
from django.db import IntegrityError
from django.db.models import Value
from django.db.models.functions import Lower

from approvals.actors import Actor, Door
from approvals.errors import Malformed, NotAllowed, NotFound
from approvals.models import LedgerEntry, Person, SavedView
from approvals.queries.inbox import views
from approvals.services.accounts import saved_views
from tests import world
from tests.world import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vendor_sensitive]


@pytest.fixture
def kim() -> Person:
    return world.person("kim")


def save(who: Person, name: str = "Large ones", **filters: str) -> SavedView:
    actor = Actor(Door.ADMIN, person=who)
    return saved_views.save(actor=actor, at=NOON, name=name, filters=filters or {"risk": "high"})


def change(verb: str, who: Person, view: SavedView, **changes: object) -> None:
    getattr(saved_views, verb)(actor=Actor(Door.ADMIN, person=who), at=NOON, view_id=view.pk, **changes)


class TestSave:
    def test_keeps_what_an_address_would_be_read_as(self, kim: Person) -> None:
        view = save(kim, " Large   ones ", view="overdue", kind="7", risk="high", due="whenever", desk="x", more="y")
        assert (view.name, view.filters) == ("Large ones", {"view": "overdue", "kind": "7", "risk": "high"})

    def test_leaves_nothing_on_the_ledger(self, kim: Person) -> None:
        before = LedgerEntry.objects.count()
        save(kim)
        assert LedgerEntry.objects.count() == before

    @pytest.mark.parametrize("name", ["", " \n", "x" * 61, "a\u202eb"], ids=["nothing", "blanks", "too long", "hidden"])
    def test_needs_a_name(self, kim: Person, name: str) -> None:
        with pytest.raises(Malformed, match="at most 60"):
            save(kim, name)

    def test_needs_a_name_that_is_free(self, kim: Person) -> None:
        save(kim)
        with pytest.raises(Malformed, match="already"):
            save(kim, "large ONES")
        save(world.person("lee"))
        with pytest.raises(IntegrityError):
            SavedView.objects.create(person=kim, name="LARGE ones", filters={})

    def test_has_a_name_that_is_compared_as_the_database_does(self, kim: Person) -> None:
        """The sign for kelvin is a k in lower case, and no K in upper case."""
        save(kim, "k")
        lowered = SavedView.objects.annotate(lower=Lower(Value("\u212a"))).values_list("lower", flat=True)[0]
        if lowered == "k":
            with pytest.raises(Malformed, match="already"):
                save(kim, "\u212a")
        else:
            save(kim, "\u212a")

    def test_needs_something_that_narrows(self, kim: Person) -> None:
        with pytest.raises(Malformed, match="nothing to save"):
            save(kim, view="", risk="nonsense")

    def test_ends_at_twenty(self, kim: Person) -> None:
        for number in range(20):
            save(kim, f"View {number}")
        with pytest.raises(Malformed, match="20"):
            save(kim, "One more")
        save(world.person("lee"), "One more")

    def test_is_for_people_in_a_session(self, kim: Person) -> None:
        for actor in (Actor(Door.TOKEN, person=kim, scopes=frozenset({"decide"})), world.make().as_agent()):
            with pytest.raises(NotAllowed):
                saved_views.save(actor=actor, at=NOON, name="Mine", filters={"risk": "high"})


class TestRename:
    def test_gives_another_name(self, kim: Person) -> None:
        view = save(kim)
        change("rename", kim, view, name="LARGE ones")
        assert [each.name for each in views.saved(kim)] == ["LARGE ones"]

    def test_takes_no_name_of_another_view(self, kim: Person) -> None:
        save(kim, "Old ones")
        with pytest.raises(Malformed):
            change("rename", kim, save(kim), name="old ones")


class TestPrefer:
    def test_lets_one_be_first_at_a_time(self, kim: Person) -> None:
        one, two = save(kim, "One"), save(kim, "Two")
        change("prefer", kim, one, is_first=True)
        change("prefer", kim, two, is_first=True)
        assert [each.is_first for each in views.saved(kim)] == [False, True]
        change("prefer", kim, two, is_first=False)
        assert not any(each.is_first for each in views.saved(kim))


class TestDelete:
    def test_leaves_the_others(self, kim: Person) -> None:
        one, two = save(kim, "One"), save(kim, "Two")
        change("delete", kim, one)
        assert views.saved(kim) == [two]


class TestSomebodyElse:
    @pytest.mark.parametrize(
        ("verb", "changes"), [("rename", {"name": "Mine now"}), ("prefer", {"is_first": True}), ("delete", {})]
    )
    def test_changes_nothing_of_it(self, kim: Person, verb: str, changes: dict[str, object]) -> None:
        view = save(kim)
        with pytest.raises(NotFound):
            change(verb, world.person("lee"), view, **changes)
        assert [each.name for each in views.saved(kim)] == ["Large ones"]
        assert views.saved(Person.objects.get(username="lee")) == []


class TestSaveASearch:
    def search(self, who: Person, name: str = "Large ones", **filters: str) -> SavedView:
        actor = Actor(Door.ADMIN, person=who)
        return saved_views.save_search(actor=actor, at=NOON, name=name, filters=filters or {"q": "paper"})

    def test_keeps_what_the_list_is_narrowed_to(self, kim: Person) -> None:
        view = self.search(kim, decided_as="modify", amount_from="1000", amount_to="")
        assert (view.page, view.filters) == ("actions", {"decided_as": "modify", "amount_from": "1000"})

    def test_has_names_of_its_own(self, kim: Person) -> None:
        save(kim)
        self.search(kim)
        with pytest.raises(Malformed, match="already"):
            self.search(kim, "large ONES")

    def test_is_no_view_of_the_inbox(self, kim: Person) -> None:
        self.search(kim)
        assert views.saved(kim) == []

    @pytest.mark.parametrize("filters", [{"q": ""}, {"q": "x" * 301}, {f"f{number}": "x" for number in range(21)}])
    def test_is_refused_where_there_is_nothing_or_too_much(self, kim: Person, filters: dict[str, str]) -> None:
        with pytest.raises(Malformed):
            self.search(kim, **filters)
