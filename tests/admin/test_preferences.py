"""One's own language and time zone."""

from django.test import Client
from django.urls import reverse

from approvals.models import Entry, Person
from tests.admin.pages import address
from tests.world import NOON, World

FRENCH = {"language": "fr", "time_zone": "Europe/Paris"}


def keep(client: Client, **values: str) -> str:
    return client.post(reverse("admin:preferences"), values, follow=True).content.decode()


class TestThePage:
    def test_keeps_what_was_chosen_with_its_entry(self, here: World, junior: Client) -> None:
        keep(junior, **FRENCH)
        person = Person.objects.get(pk=here.junior.pk)
        assert (person.language, person.time_zone) == ("fr", "Europe/Paris")
        assert Entry.objects.get(event="person.changed").actor == f"person:{here.junior.pk}"

    def test_refuses_what_is_no_language_or_zone(self, here: World, junior: Client) -> None:
        keep(junior, language="tlh", time_zone="Europe/Paris")
        keep(junior, language="fr", time_zone="Moon/Base")
        assert Person.objects.get(pk=here.junior.pk).language == "en"


class TestAReader:
    def test_reads_in_her_own_language(self, here: World, junior: Client) -> None:
        keep(junior, **FRENCH)
        assert '<html lang="fr"' in junior.get(reverse("admin:inbox")).content.decode()

    def test_reads_times_by_her_own_clock(self, here: World, junior: Client) -> None:
        action = here.pending()
        keep(junior, language="en", time_zone="Pacific/Kiritimati")
        page = junior.get(address(action)).content.decode()
        assert f"{NOON:%Y-%m-%d} 12:00" not in page

    def test_whose_language_is_not_known_reads_english(self, here: World, junior: Client) -> None:
        Person.objects.filter(pk=here.junior.pk).update(language="tlh", time_zone="Moon/Base")
        assert '<html lang="en"' in junior.get(reverse("admin:inbox")).content.decode()
