"""The two locks agree, pin everything by hash, name no host and are complete."""

import re

import pytest

from tests.architecture.source import ROOT
from tests.locked import PIN

LOCKS = ("requirements.lock", "requirements-dev.lock")
# The clients have environments of their own.
ALL_LOCKS = (*LOCKS, "clients/python/requirements.lock", "clients/mcp/requirements.lock")
INSTALLERS = ("Makefile", "deploy/Dockerfile")


def pins(lock: str) -> set[tuple[str, str, str]]:
    """The name, version and marker of everything that a lock pins with a hash."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = {(name, version, marker) for name, version, marker, _ in PIN.findall(text)}
    assert len(found) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), f"{lock} pins something without a hash."
    return found


class TestALock:
    def test_of_the_tools_holds_all_of_the_product(self) -> None:
        names_and_versions = {pin[:2] for pin in pins("requirements-dev.lock")}
        assert {pin[:2] for pin in pins("requirements.lock")} <= names_and_versions

    @pytest.mark.parametrize("lock", LOCKS)
    def test_serves_both_versions_of_django(self, lock: str) -> None:
        assert {version.rpartition(".")[0] for name, version, _ in pins(lock) if name == "django"} == {"5.2", "6.1"}

    @pytest.mark.parametrize("lock", ALL_LOCKS)
    def test_pins_everything_by_hash_and_names_no_host(self, lock: str) -> None:
        assert pins(lock)
        assert "://" not in (ROOT / lock).read_text(encoding="utf-8")

    @pytest.mark.parametrize("installer", INSTALLERS)
    def test_is_installed_without_looking_for_more(self, installer: str) -> None:
        # A lock names `coverage`, pytest-cov wants `coverage[toml]`: pip would then ask the index for its newest.
        text = (ROOT / installer).read_text(encoding="utf-8")
        commands = re.findall(r"pip install .*--require-hashes.*", text)
        assert commands
        assert all("--no-deps" in command for command in commands)
        assert "pip check" in text
