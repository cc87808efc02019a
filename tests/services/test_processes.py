"""A process is gone when it runs no more, whether or not anybody has asked how it ended."""

import os

from approvals.services import processes


def child(is_waited_for: bool) -> str:
    """The name of a process that has ended."""
    reading, writing = os.pipe()
    number = os.fork()
    if not number:
        os.write(writing, processes.myself().encode())
        os._exit(0)
    name = os.read(reading, 1_000).decode()
    options = os.WEXITED if is_waited_for else os.WEXITED | os.WNOWAIT
    os.waitid(os.P_PID, number, options)
    return name


def test_a_process_that_runs_is_not_gone() -> None:
    assert not processes.is_gone(processes.myself())


def test_a_process_that_has_ended_is_gone() -> None:
    assert processes.is_gone(child(is_waited_for=True))


def test_a_process_that_has_ended_and_that_nobody_asked_about_is_gone() -> None:
    name = child(is_waited_for=False)
    assert processes.is_gone(name)
    os.waitpid(int(name.split()[1]), 0)


def test_a_process_of_another_machine_is_not_gone_for_all_that_is_known() -> None:
    assert not processes.is_gone("another 1 1")
