"""Every page that asks for a password: refused in words after some tries, the right one too, and unhashed."""

import ast
import re

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from approvals.admin.account.sign_in import address_of
from approvals.models import BreakGlass, LedgerEntry, Person
from approvals.services.safety.passwords import MAX_FOR_ACCOUNT, MAX_FROM_ADDRESS
from tests.admin.conftest import signed_in
from tests.architecture.source import ROOT, calls, last_name, modules
from tests.world import World

HOME, ELSEWHERE = "192.0.2.7", "198.51.100.9"
SAID = re.compile(r"Too many attempts\. Try again in (a minute|\d+ minutes)\.")


def login(password: str = "guess", name: str = "junior", address: str = ELSEWHERE, **headers: str) -> HttpResponse:
    fields = {"username": name, "password": password, "next": reverse("admin:index")}
    return Client(REMOTE_ADDR=address, **headers).post(reverse("admin:login"), fields)


def change(client: Client, old: str = "guess", new: str = "correct horse 7") -> HttpResponse:
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("admin:password_change"), fields, REMOTE_ADDR=ELSEWHERE)


def smash(client: Client, password: str = "guess") -> HttpResponse:
    fields = {"desk": "finance", "reason": "Nobody is here.", "password": password}
    return client.post(reverse("admin:break_glass"), fields, REMOTE_ADDR=ELSEWHERE)


def is_refused(answer: HttpResponse) -> bool:
    return SAID.search(answer.content.decode()) is not None


@pytest.fixture
def helper(here: World) -> Client:
    return signed_in(here.junior, "Reviewers", "Break-glass")


@pytest.fixture
def no_hashing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed since."""
    hashed: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def noted(self: PBKDF2PasswordHasher, password: str, *args: object) -> str:
        hashed.append(password)
        return encode(self, password, *args)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", noted)
    return hashed


class TestTheLogin:
    def test_refuses_the_right_password_after_some_wrong_ones(self, here: World) -> None:
        assert not any(is_refused(login()) for _ in range(MAX_FOR_ACCOUNT))
        answer = login("secret")
        assert is_refused(answer) and "sessionid" not in answer.cookies

    def test_lets_people_in_as_ever(self, here: World) -> None:
        for _ in range(MAX_FROM_ADDRESS + 1):
            assert login("secret").status_code == 302

    def test_hashes_nothing_that_it_refuses(self, here: World, no_hashing: list[str]) -> None:
        for _ in range(MAX_FOR_ACCOUNT):
            login()
        assert len(no_hashing) == MAX_FOR_ACCOUNT
        for name in ("junior", "JUNIOR"):
            login("secret", name)
        assert len(no_hashing) == MAX_FOR_ACCOUNT

    def test_says_the_same_of_an_account_that_there_is_not(self, here: World) -> None:
        known = [login(name="junior").content for _ in range(MAX_FOR_ACCOUNT + 1)][-1].decode()
        unknown = [login(name="nobody").content for _ in range(MAX_FOR_ACCOUNT + 1)][-1].decode()
        assert SAID.search(known) and SAID.findall(known) == SAID.findall(unknown)

    def test_counts_a_right_password_that_opens_nothing_as_wrong(self, here: World) -> None:
        Person.objects.filter(pk=here.junior.pk).update(is_staff=False)
        assert [is_refused(login("secret")) for _ in range(MAX_FOR_ACCOUNT + 1)][-1]

    def test_lets_nobody_lock_a_reviewer_out_of_her_usual_place(self, here: World) -> None:
        assert login("secret", address=HOME).status_code == 302
        for _ in range(MAX_FOR_ACCOUNT + 3):
            login()
        assert is_refused(login("secret"))
        assert login("secret", address=HOME).status_code == 302

    def test_is_not_told_another_address_by_the_client(self, here: World) -> None:
        for number in range(MAX_FROM_ADDRESS):
            login(name=f"name{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}", HTTP_X_REAL_IP=HOME)
        assert is_refused(login(name="another", HTTP_X_FORWARDED_FOR=HOME))

    def test_believes_its_proxy_and_not_what_the_client_told_the_proxy(self, here: World, settings: Settings) -> None:
        settings.HITL_BEHIND_PROXY = True
        for number in range(MAX_FROM_ADDRESS):
            login(name=f"name{number}", address="10.0.0.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}, {ELSEWHERE}")
        assert is_refused(login(name="another", address="10.0.0.1", HTTP_X_FORWARDED_FOR=f"{HOME},{ELSEWHERE}"))
        assert not is_refused(login(name="another", address="10.0.0.1", HTTP_X_FORWARDED_FOR=HOME))

    def test_records_the_refusal_without_a_password_or_name(self, here: World) -> None:
        for _ in range(MAX_FOR_ACCOUNT + 2):
            login("hunter2")
        (entry,) = LedgerEntry.objects.filter(event="login.refused")
        assert f"person:{here.junior.pk}" in entry.body
        assert not {"hunter2", "junior", ELSEWHERE} & set(re.split(r'[":,{}]', entry.body))


class TestAPasswordChange:
    def test_refuses_the_right_password_after_some_wrong_ones(self, helper: Client, no_hashing: list[str]) -> None:
        for _ in range(MAX_FOR_ACCOUNT):
            assert not is_refused(change(helper))
        tried = len(no_hashing)
        assert is_refused(change(helper, "secret")) and len(no_hashing) == tried

    def test_is_done_as_ever(self, here: World, helper: Client) -> None:
        assert change(helper, "secret").status_code == 302
        here.junior.refresh_from_db()
        assert here.junior.check_password("correct horse 7")


class TestBreakGlass:
    def test_refuses_the_right_password_after_some_wrong_ones(self, helper: Client, no_hashing: list[str]) -> None:
        for _ in range(MAX_FOR_ACCOUNT):
            assert not is_refused(smash(helper))
        tried = len(no_hashing)
        assert is_refused(smash(helper, "secret")) and len(no_hashing) == tried
        assert not BreakGlass.objects.exists()

    def test_shares_its_tries_with_every_other_prompt(self, helper: Client) -> None:
        login()
        change(helper)
        smash(helper)
        login()
        change(helper)
        assert [is_refused(answer) for answer in (smash(helper, "secret"), login("secret"))] == [True, True]

    def test_keeps_what_was_tried_when_it_refuses_for_another_reason(self, helper: Client) -> None:
        for _ in range(MAX_FOR_ACCOUNT):
            helper.post(
                reverse("admin:break_glass"), {"desk": "finance", "reason": " ", "password": "guess"},
                REMOTE_ADDR=ELSEWHERE,
            )  # fmt: skip
            smash(helper)
        assert is_refused(smash(helper, "secret"))


class TestAnAddress:
    @pytest.mark.parametrize(
        ("told", "address"),
        [
            ("203.0.113.5", "203.0.113.5"),
            ("1.2.3.4, 203.0.113.5", "203.0.113.5"),
            ("1.2.3.4,203.0.113.5:8443", "203.0.113.5"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("", "10.0.0.1"),
            ("203.0.113.5, ", "10.0.0.1"),
            ("unknown", "10.0.0.1"),
            ("203.0.113.5, evil\x00", "10.0.0.1"),
        ],
    )
    def test_is_the_last_that_the_proxy_wrote(self, settings: Settings, told: str, address: str) -> None:
        settings.HITL_BEHIND_PROXY = True
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=told)
        assert address_of(request) == address
        settings.HITL_BEHIND_PROXY = False
        assert address_of(request) == "10.0.0.1"


class TestThePrompts:
    def test_are_these_and_no_others(self) -> None:
        """What checks a password is named here, so that a new prompt does not come without a limit."""
        checks = {"check_password", "acheck_password", "authenticate", "aauthenticate", "verify_password", "login"}
        found = {module.path for module in modules() for call in calls(module.tree) if last_name(call.func) in checks}
        forms = {
            module.path
            for module in modules()
            for node in ast.walk(module.tree)
            if last_name(node) in {"AuthenticationForm", "PasswordChangeForm", "PasswordInput", "BasicAuthentication"}
        }
        # The calls of the admin are those of Django's page, which shows our form.
        pages = {"approvals/admin/site.py", "approvals/admin/account/expired.py"}
        assert found == {"approvals/services/safety/break_glass.py", *pages}
        assert forms == {"approvals/admin/oversight/break_glass.py"}

    def test_are_found_in_no_template_of_ours(self) -> None:
        pages = [path for folder in ("templates", "approvals", "policies") for path in (ROOT / folder).rglob("*.html")]
        assert [path.name for path in pages if 'type="password"' in path.read_text()] == []
