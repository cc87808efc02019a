"""One's own language and time zone, how one is told, and when not."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from approvals.models import LedgerEntry, Person
from approvals.queries.accounts.notification_preferences import NotificationPreferences, preferences_of
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
        assert LedgerEntry.objects.get(event="person.changed").actor == f"person:{here.junior.pk}"

    def test_refuses_what_is_no_language_or_zone(self, here: World, junior: Client) -> None:
        keep(junior, language="tlh", time_zone="Europe/Paris")
        keep(junior, language="fr", time_zone="Moon/Base")
        assert Person.objects.get(pk=here.junior.pk).language == "en"


def wish(client: Client, **values: str) -> str:
    sent = {"notification_mode": "many", "every": "60", "times": "", "is_urgent_told": "on", **values}
    return client.post(reverse("admin:preferences_notices"), sent, follow=True).content.decode()


class TestWhatOneIsTold:
    def test_is_kept_as_it_was_wished(self, here: World, junior: Client) -> None:
        page = wish(junior, notification_mode="digest", every="times", times="9:00 13:30", quiet_from="18:00",
                    quiet_until="08:00", quiet_weekends="on")  # fmt: skip
        assert "Saved." in page and 'value="09:00, 13:30"' in page and 'value="18:00"' in page
        person = Person.objects.get(pk=here.junior.pk)
        assert preferences_of(person) == NotificationPreferences(
            "digest", None, (time(9), time(13, 30)), time(18), time(8), quiet_weekends=True, zone=ZoneInfo("UTC")
        )
        assert LedgerEntry.objects.get(event="person.changed").actor == f"person:{here.junior.pk}"

    def test_is_as_for_everybody_before(self, here: World, junior: Client) -> None:
        page = junior.get(reverse("admin:preferences")).content.decode()
        assert "checked" in page.split('value="many"')[1].split(">")[0]

    @pytest.mark.parametrize(
        ("values", "says"),
        [
            ({"notification_mode": "pigeon"}, "pigeon is not one of the available choices"),
            ({"every": "times", "times": "noon"}, "Enter times in this format: 09:00, 13:30."),
            ({"every": "times", "times": "25:00"}, "Enter times in this format: 09:00, 13:30."),
            ({"notification_mode": "digest", "every": "times"}, "Enter a digest interval"),
            ({"quiet_from": "18:00"}, "both the start and the end of quiet hours"),
            ({"quiet_from": "18:00", "quiet_until": "18:00"}, "must differ"),
            ({"quiet_from": "sunset", "quiet_until": "18:00"}, "Enter a valid time"),
        ],
    )
    def test_says_what_is_wrong(self, here: World, junior: Client, values: dict[str, str], says: str) -> None:
        assert says in wish(junior, **values)
        assert not LedgerEntry.objects.filter(event="person.changed").exists()

    def test_changes_nothing_when_its_address_is_opened(self, here: World, junior: Client) -> None:
        assert junior.get(reverse("admin:preferences_notices"), {"notification_mode": "digest"}).status_code == 200
        assert Person.objects.get(pk=here.junior.pk).notification_mode is None


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
