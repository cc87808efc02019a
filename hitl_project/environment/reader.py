"""The environment reader of the settings: it reads secrets from files, and says in a sentence what is wrong."""

import difflib
import re
import zoneinfo
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
# The reader has methods of these names.
Int = int
Bool = bool
Str = str
List = list
Dict = dict
YES, NO = ("true", "on", "ok", "y", "yes", "1"), ("false", "off", "n", "no", "0")
OURS = "HITL_"
CURRENCY = re.compile(r"[A-Z]{3}")
# Names that are read elsewhere: by the processes, by deploy/compose.yaml, by the tests, and by credentials.
ELSEWHERE = ("HITL_PROCESS", "HITL_APP_PASSWORD", "HITL_OWNER_PASSWORD")
ELSEWHERE_BEGINNINGS = ("HITL_CREDENTIAL_", "HITL_TEST_", "HITL_CI_")


class Environment(environ.Env):
    """django-environ's reader that is strict, names each variable that it was asked for, and reads secrets."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self.secrets: set[str] = set()

    def get_value(self, var: Str, *args: Any, **options: Any) -> Any:
        """Return the variable's value."""
        self.asked.add(var)
        return super().get_value(var, *args, **options)

    def secret(self, name: Str, default: Str = "") -> Str:
        """Return a secret from its variable, or from the file that ``<name>_FILE`` names.

        :raises ImproperlyConfigured: both are set, or the file has no secret.
        """
        self.secrets |= {name, f"{name}_FILE"}
        # Read without django-environ: it would take a secret that starts with "$" for the name of another variable.
        value, path = self.ENVIRON.get(name, "").rstrip("\r\n"), self.ENVIRON.get(f"{name}_FILE")
        if path is None:
            return value or default
        if value:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Unset one of them.")
        return _content(f"{name}_FILE", path)

    def int(self, name: Str, default: Int) -> Int:
        """Return a whole number.

        :raises ImproperlyConfigured: the value is none.
        """
        return int(self._parsed(name, str(default), "a whole number", int))

    def bool(self, name: Str, default: Bool) -> Bool:
        """Return yes or no; what is neither must not count as no.

        :raises ImproperlyConfigured: the value is neither.
        """
        return self._parsed(name, "yes" if default else "no", "yes or no", _yes_or_no)

    def list(self, name: Str, default: Sequence[Str] = ()) -> List[Str]:
        """Return the comma-separated values without the blanks around them."""
        return [part.strip() for part in str(self.str(name, ",".join(default))).split(",") if part.strip()]

    def dict(self, name: Str, default: Dict[Str, Str] | None = None) -> Dict[Str, Str]:
        """Return the comma-separated pairs of a name and a value.

        :raises ImproperlyConfigured: a pair has no name or no value.
        """
        pairs = {key.strip(): value.strip() for key, _, value in (each.partition("=") for each in self.list(name))}
        for key, value in pairs.items():
            if not key or not value:
                raise ImproperlyConfigured(f"{name} has {key!r} without a value. Write it as name=value,other=value.")
        return pairs or dict(default or {})

    def within(self, name: Str, default: Int, low: Int, high: Int | None = None) -> Int:
        """Return a whole number in this range.

        :raises ImproperlyConfigured: it is outside, or no number.
        """
        number = self.int(name, default)
        if number < low or (high is not None and number > high):
            allowed = f"{low} or more" if high is None else f"{low} to {high}"
            raise ImproperlyConfigured(f"{name} is out of range. Set it to {allowed}.")
        return number

    def one_of(self, name: Str, default: Str, allowed: Sequence[Str]) -> Str:
        """Return one of these values.

        :raises ImproperlyConfigured: it is another.
        """
        return _demand_one(name, str(self.str(name, default)), allowed)

    def some_of(self, name: Str, allowed: Sequence[Str]) -> List[Str]:
        """Return any of these values, comma-separated.

        :raises ImproperlyConfigured: one is another.
        """
        return [_demand_one(name, each, allowed) for each in self.list(name)]

    def time_zone(self, name: Str, default: Str) -> Str:
        """Return the name of a time zone that this machine knows.

        :raises ImproperlyConfigured: it does not.
        """
        zone = str(self.str(name, default))
        if zone not in zoneinfo.available_timezones():
            nearest = _nearest(zone, zoneinfo.available_timezones())
            raise ImproperlyConfigured(
                f"{name} is {zone!r}, which is no time zone.{nearest} Use a name as Europe/Berlin."
            )
        return zone

    def currency(self, name: Str, default: Str) -> Str:
        """Return the code of a currency.

        :raises ImproperlyConfigured: it is none.
        """
        code = str(self.str(name, default))
        if not CURRENCY.fullmatch(code):
            raise ImproperlyConfigured(f"{name} is {code!r}. Set it to three capital letters, for example EUR.")
        return code

    def address(self, name: Str, default: Str) -> Str:
        """Return the address of a site.

        :raises ImproperlyConfigured: it has no scheme.
        """
        url = str(self.str(name, default))
        if not url.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"{name} is {url!r}. Begin it with https://, as in https://hitl.example.org.")
        return url

    def refuse_unknown(self) -> None:
        """Refuse what begins as our variables do and is none of them: it would be ignored in silence.

        :raises ImproperlyConfigured: there is one.
        """
        known = {*self.asked, *self.secrets, *ELSEWHERE}
        given = (name for name in self.ENVIRON if name.startswith(OURS) and name not in known)
        for name in sorted(given):
            if not name.startswith(ELSEWHERE_BEGINNINGS) and not _is_of_a_service(name, self.ENVIRON[name]):
                raise ImproperlyConfigured(f"{name} is no setting of HITL.{_nearest(name, known)} Correct or unset it.")

    def given(self) -> Dict[Str, Str]:
        """Return each variable that is set, for operators to read; a secret is only said to be there."""
        names = sorted(name for name in {*self.asked, *self.secrets} if self.ENVIRON.get(name))
        return {name: self._shown(name) for name in names}

    def _shown(self, name: Str) -> Str:
        value = str(self.ENVIRON[name])
        is_secret = name in self.secrets and not name.endswith("_FILE")
        return f"(secret, {len(value)} characters)" if is_secret else value

    def _parsed(self, name: Str, example: Str, what: Str, parse: Callable[[Str], T]) -> T:
        text = str(self.str(name, example)).strip()
        try:
            return parse(text)
        except ValueError as error:
            fault = f"{text!r}, which is not {what}" if text else "empty"
            raise ImproperlyConfigured(f"{name} is {fault}. Set it to {what}, for example {example}.") from error


def _yes_or_no(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError(text)
    return text.lower() in YES


def _demand_one(name: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        shown = ", ".join(allowed[:-1]) + ("," if len(allowed) > 2 else "") + f" or {allowed[-1]}"
        raise ImproperlyConfigured(f"{name} is {value!r}.{_nearest(value, allowed)} Set it to {shown}.")
    return value


def _nearest(name: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, sorted(known), 1, 0.75)
    return f" Did you mean {found[0]}?" if found else ""


def _is_of_a_service(name: str, value: str) -> bool:
    """Whether Kubernetes set it for a service whose name begins with ours."""
    return "_SERVICE_HOST" in name or "_SERVICE_PORT" in name or "_PORT_" in name or value.startswith("tcp://")


def _content(name: str, path: str) -> str:
    if not path:
        raise ImproperlyConfigured(f"{name} is empty. Set it to the path of a file, or unset it.")
    try:
        # Editors and most tools end a file with a line break, which is not part of the secret.
        text = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ImproperlyConfigured(f"The file {path} in {name} cannot be read: {reason}.") from error
    if not text.strip():
        raise ImproperlyConfigured(f"The file {path} in {name} is empty. Write the secret into it.")
    return text
