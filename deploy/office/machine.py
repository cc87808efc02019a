"""The machine: its folders, its commands and its files, changed only where they differ."""

import fcntl
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

ACCOUNT = "hitl"
OWNER = "hitl_owner"
TAIL = 2000


class Failed(Exception):
    """Something did not work; the text says what to do."""


class Busy(Failed):
    """Another command is at work."""


@dataclass(frozen=True)
class Layout:
    """Where everything is, below `root`. `code` is a link to the release in use."""

    root: Path = Path("/")

    @property
    def code(self) -> Path:
        """The release in use."""
        return self.root / "srv/hitl"

    @property
    def releases(self) -> Path:
        """One folder for each release."""
        return self.root / "srv/hitl-releases"

    @property
    def settings(self) -> Path:
        """Settings and secrets."""
        return self.root / "etc/hitl"

    @property
    def home(self) -> Path:
        """The folder in HITL_HOME."""
        return self.root / "var/lib/hitl"

    @property
    def state(self) -> Path:
        """What these commands remember."""
        return self.root / "var/lib/hitl-office"

    @property
    def units(self) -> Path:
        """Units of systemd."""
        return self.root / "etc/systemd/system"

    @property
    def command(self) -> Path:
        """The command of the office."""
        return self.root / "usr/local/sbin/hitl-office"

    @property
    def backups(self) -> Path:
        """Where backups go unless told otherwise."""
        return self.root / "var/backups/hitl"


def run(
    *command: str | Path,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path = Path("/"),
    given: str = "",
    fine: Sequence[int] = (0,),
) -> str:
    """Run a command to its end, as `user` if one is named, and return what it printed.

    :raises Failed: it ended with a status that is not in `fine`.
    """
    try:
        done = subprocess.run(
            [str(word) for word in command],
            input=given, text=True, capture_output=True, check=False, cwd=folder,
            env=None if environment is None else dict(environment), **identity(user),
        )  # fmt: skip
    except OSError as error:
        raise Failed(f"{command[0]} cannot be started: {error.strerror}.") from error
    if done.returncode not in fine:
        said = (done.stdout + done.stderr).strip()[-TAIL:]
        raise Failed(f"This command failed: {' '.join(str(word) for word in command)}\n{said}")
    return str(done.stdout)


def identity(user: str | None) -> dict[str, Any]:
    """The options of `subprocess` that make a process another user's."""
    if user is None or pwd.getpwuid(os.geteuid()).pw_name == user:
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "umask": 0o077}


def succeeds(*command: str | Path) -> bool:
    """Whether a command ends with status 0."""
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    return done.returncode == 0


def settle(path: Path, text: str, mode: int = 0o644) -> bool:
    """Give a file this content and mode; return whether the content was another before.

    A reader sees the old content or the new one, never a part.
    """
    is_new = not path.exists() or path.read_text(encoding="utf-8") != text
    if is_new:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    path.chmod(mode)
    return is_new


def private_folder(path: Path, owner: str | None = None) -> None:
    """Create a folder that only its owner can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if owner:
        account = pwd.getpwnam(owner)
        os.chown(path, account.pw_uid, account.pw_gid)


@contextmanager
def alone(layout: Layout, patience: float = 120) -> Iterator[None]:
    """Hold the lock that lets only one of these commands change something; wait for it so many seconds.

    :raises Busy: another holds it.
    """
    private_folder(layout.state)
    until = time.monotonic() + patience
    with (layout.state / "lock").open("w", encoding="utf-8") as file:
        while not _is_locked(file):
            if time.monotonic() >= until:
                raise Busy("Another hitl-office command is running. Wait until it has ended, then try again.")
            time.sleep(1)
        yield


def _is_locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
