"""The review desk: a hundred mixed actions decided by keyboard in a real browser, and its pages in a full queue."""

import time
from collections.abc import Generator, Iterator, Sequence
from itertools import chain
from random import Random
from urllib.parse import urlencode

from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import sync_playwright

from approvals.models import Action, Person
from approvals.services.execution import schedule
from benchmarks import processes, routing, world
from benchmarks.load import Call, Refused, Timing, press
from benchmarks.results import Section, table
from benchmarks.sizes import Sizes
from benchmarks.world import World
from tests.browser import hundred
from tests.browser.hundred import Done
from tests.browser.plugin import FLAGS, chromium

TITLE = "The review desk"
HEAD = ("decision", "how many", "keys each", "characters typed each", "page p50 ms", "page p95 ms")
PAGES = ("waiting", "page", "p50 ms", "p95 ms", "CPU ms: web", "CPU ms: database")
ABOUT = """
A hundred actions of three types and mixed risk are decided in Chromium from the inbox, by keyboard only. {planted} of
them are planted and must be rejected. The steps are those of `tests/browser/test_a_hundred.py` and use only what the
pages show. *Page* is the time until the response to a key is complete, including redirects. {wrong} of {done}
decisions differed from those of a careful reviewer. The run took {seconds:.0f} s, including {armed:.0f} s in which
keys are disabled after each page load.
"""
WARM = 10


def measure(here: World, sizes: Sizes) -> Section | None:
    """Decide the hundred, unless there is no Chromium here."""
    path = chromium()
    if path is None:
        return None
    desk = hundred.found(here.publisher)
    desk.junior.groups.add(Group.objects.get(name="Reviewers"))
    meant = hundred.plant(desk, Random(7))
    began = time.monotonic()
    done = _decided(path, desk.junior, sizes.hundred)
    seconds = time.monotonic() - began
    wrong = sum(hundred.outcome(Action.objects.get(pk=each.action)) != meant[each.action].verdict for each in done)
    about = ABOUT.format(
        planted=sum(each.verdict == "reject" for each in meant.values()),
        wrong=wrong,
        done=len(done),
        seconds=seconds,
        armed=sum(len(each.waits) for each in done) * hundred.ARMED_AFTER / 1_000,
    )
    return Section(TITLE, about, [table(HEAD, _rows(done))])


def _decided(path: str, who: Person, most: int) -> list[Done]:
    name, _, value = world.session(who)["Cookie"].partition(";")[0].partition("=")
    with processes.web() as (port, _pid), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, "--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        url = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": name, "value": value, "url": url}])
        done = hundred.decide_all(context.new_page(), url, most)
        browser.close()
    return done


def _rows(done: Sequence[Done]) -> Iterator[tuple[object, ...]]:
    for verdict in hundred.DO:
        some = [each for each in done if each.verdict == verdict]
        if some:
            yield _row(verdict, some)
    yield _row("all", done)


def _row(name: str, some: Sequence[Done]) -> tuple[object, ...]:
    # Twice each, which moves no percentile much and lets there be one of a single page.
    waits = Timing(0.0, list(chain.from_iterable(each.waits for each in some)) * 2)
    keys = sum(each.keys for each in some) / len(some)
    letters = sum(each.letters for each in some) / len(some)
    return (name, len(some), keys, letters, waits.percentile(50), waits.percentile(95))


def pages(
    here: World, reader: Person, count: int, waiting: int
) -> Generator[tuple[int, str, float, float, float, float]]:
    """What each page of a decision costs while so many wait: the inbox, the action's page, the key, where it leads."""
    headers = world.session(reader) | {"Content-Type": "application/x-www-form-urlencoded"}
    fresh = [routing.one(here, here.kinds[0], world.LARGE) for _ in range(count + WARM)]
    looks = [Call("GET", _address(action, "review"), headers=headers) for action in fresh]
    keys = [Call("POST", _address(action, "decide"), _form(action), headers) for action in fresh]
    with processes.web() as (port, pid):
        for name, calls, expected in (
            ("inbox", [Call("GET", reverse("admin:inbox"), headers=headers)] * (count + WARM), 200),
            ("decision page", looks, 200),
            ("approve and open the next item", keys, 302),
        ):
            press(port, calls[:WARM], 1, expected)
            meter = processes.meter(web=pid)
            timing = press(port, calls[WARM:], 1, expected)
            spent = meter.spent()
            each = (spent["web"] / count, spent["database"] / count)
            yield (waiting, name, timing.percentile(50), timing.percentile(95), *each)
    left = Action.objects.filter(pk__in=[action.pk for action in fresh], state="pending").count()
    if left:
        raise Refused(f"{left} of {len(fresh)} approvals by keyboard were not accepted.")


def _address(action: Action, name: str) -> str:
    return reverse(f"admin:approvals_action_{name}", args=[action.pk])


def _form(action: Action) -> bytes:
    """What the decision page sends: the verdict, and the revision and target that were on the screen."""
    seen = {"revision": action.revision.number, "digest": action.revision.digest}
    target = schedule.target_digest(action.action_type)
    return urlencode({**seen, "target": target, "verdict": "approve"}).encode()
