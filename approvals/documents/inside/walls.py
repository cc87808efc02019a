"""What the kernel refuses this process from now on, also where native code asks and no Python is in between.

Each wall stands alone: an old kernel or a container might refuse one, and the others are built all the same.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

PRIVILEGES, DUMPS, FILES, CALLS = "privileges", "dumps", "files", "calls"
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
# Shared libraries, which some modules load late, and the fonts of PDFs that bring none.
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/dev/urandom",
    "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/X11/fonts",
)  # fmt: skip

# Landlock: the numbers of its calls are the same on all machines.
_RULESET, _RULE, _RESTRICT = 444, 445, 446
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# How many rights over files each version of it knows; those over ports came with the fourth, over signals with the 6th.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS, _PORTS_SINCE, _SIGNALS_SINCE = 16, 4, 6

# Seccomp: a program in the language of packet filters, over the number of a call and its arguments.
_LOAD, _EQUALS, _AT_LEAST, _HAS, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050000
_X32 = 0x40000000
_CLONE_THREAD = 0x10000
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
# By x86_64 and aarch64; None where a machine has no such call.
_NEVER: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "creat": (85, None), "truncate": (76, 45), "unlink": (87, None), "unlinkat": (263, 35),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "rmdir": (84, None),
    "mkdir": (83, None), "mkdirat": (258, 34), "mknod": (133, None), "mknodat": (259, 33),
    "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "utimensat": (280, 88),
    "mount": (165, 40), "umount2": (166, 39), "chroot": (161, 51), "pivot_root": (155, 41),
    "unshare": (272, 97), "setns": (308, 268), "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # What is asked through a ring passes by this filter.
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
}  # fmt: skip
# Their arguments are in memory, which a filter cannot read: callers fall back to the older call.
_UNKNOWN = {"clone3": (435, 435), "openat2": (437, 437)}
# The first argument of these is a process: itself, or 0 where that stands for itself.
_ON_ITSELF = {"kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261)}
# And the place of their flags.
_OPENING = {"open": ((2, None), 1), "openat": ((257, 56), 2)}


def build(readable: Iterable[str]) -> list[str]:
    """Build the walls, and return the names of those that the kernel does not let stand.

    :param readable: folders that can still be read; nothing can be written.
    """
    kernel = ctypes.CDLL(None, use_errno=True)
    walls: dict[str, Callable[[], object]] = {
        PRIVILEGES: lambda: _done(kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)),
        DUMPS: lambda: _done(kernel.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)),
        FILES: lambda: _wall_off(kernel, [*_SYSTEM, *readable]),
        CALLS: lambda: _filter(kernel),
    }
    missing = []
    for name, build_one in walls.items():
        try:
            build_one()
        except OSError:
            missing.append(name)
    return missing


def _wall_off(kernel: ctypes.CDLL, readable: Iterable[str]) -> None:
    version = _done(kernel.syscall(_RULESET, None, ctypes.c_size_t(0), 1))
    rights = (1 << _RIGHTS.get(version, _ALL_RIGHTS)) - 1
    told = struct.pack("=QQQ", rights, 3 * (version >= _PORTS_SINCE), 3 * (version >= _SIGNALS_SINCE))
    rules = _done(kernel.syscall(_RULESET, told, ctypes.c_size_t(len(told)), 0))
    try:
        for place in readable:
            # What is not there on this machine needs no rule.
            with suppress(FileNotFoundError, NotADirectoryError):
                _let_read(kernel, rules, place)
        _done(kernel.syscall(_RESTRICT, rules, 0))
    finally:
        os.close(rules)


def _let_read(kernel: ctypes.CDLL, rules: int, place: str) -> None:
    opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_FOLDER if os.path.isdir(place) else 0)
        _done(kernel.syscall(_RULE, rules, 1, struct.pack("=Qi", rights, opened), 0))
    finally:
        os.close(opened)


def _filter(kernel: ctypes.CDLL) -> None:
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        raise OSError(errno.ENOSYS, "no numbers of calls for this machine")
    lines = b"".join(_lines(*machine))
    program = ctypes.create_string_buffer(lines, len(lines))
    told = struct.pack("@HP", len(lines) // 8, ctypes.addressof(program))
    _done(kernel.prctl(_PR_SET_SECCOMP, 2, told, 0, 0))


def _lines(machine: int, column: int) -> Iterator[bytes]:
    """The program; each call has lines of its own, so that no jump is long."""
    refused, unknown, allowed = _answer(_REFUSED | errno.EPERM), _answer(_REFUSED | errno.ENOSYS), _answer(_ALLOWED)
    yield from (_load(4), _jump(_EQUALS, machine, 1, 0), refused, _load(0))
    if column == 0:
        # The same calls by other numbers.
        yield from (_jump(_AT_LEAST, _X32, 0, 1), refused)
    yield from _on(column, _NEVER.values(), [refused])
    yield from _on(column, _UNKNOWN.values(), [unknown])
    itself = [_jump(_EQUALS, os.getpid(), 1, 0), _jump(_EQUALS, 0, 0, 1), allowed, refused]
    yield from _on(column, _ON_ITSELF.values(), [_argument(0), *itself])
    for numbers, place in _OPENING.values():
        yield from _on(column, [numbers], [_argument(place), _jump(_HAS, WRITES, 0, 1), refused, allowed])
    yield from _on(column, [(56, 220)], [_argument(0), _jump(_HAS, _CLONE_THREAD, 0, 1), allowed, refused])
    yield allowed


def _on(column: int, calls: Iterable[tuple[int | None, int | None]], lines: Sequence[bytes]) -> Iterator[bytes]:
    """What is answered to some calls; the lines end in an answer."""
    for numbers in calls:
        number = numbers[column]
        if number is not None:
            yield from (_jump(_EQUALS, number, 0, len(lines)), *lines)


def _line(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, if_not, value)


def _jump(code: int, value: int, if_so: int, if_not: int) -> bytes:
    return _line(code, value, if_so, if_not)


def _load(offset: int) -> bytes:
    return _line(_LOAD, offset)


def _argument(place: int) -> bytes:
    # The lower half, on machines that keep it first.
    return _load(16 + 8 * place)


def _answer(value: int) -> bytes:
    return _line(_ANSWER, value)


def _done(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
