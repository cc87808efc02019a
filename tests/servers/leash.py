"""Runs one command that must not outlive whoever holds this process's standard input.

Started as a plain script, without our packages or Django, so that it costs a few milliseconds. The end of standard
input is the signal to stop: the kernel closes the pipe however its holder dies, `kill -9` included.
"""

import argparse
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 5.0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--user", default=None)
    parser.add_argument("--stop-signal", type=int, default=int(signal.SIGTERM))
    parser.add_argument("--remove", default=None, help="a folder to remove once standard input has ended")
    parser.add_argument("--log", required=True)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def die_with_parent() -> None:
    # The leash itself may be killed with -9; only Linux can pass that on to the child.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(arguments: argparse.Namespace) -> "subprocess.Popen[bytes]":
    account = pwd.getpwnam(arguments.user) if arguments.user else None
    with open(arguments.log, "ab") as log:
        return subprocess.Popen(
            arguments.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account and account.pw_uid,
            group=account and account.pw_gid,
            extra_groups=[] if account else None,
            cwd="/",
            preexec_fn=die_with_parent,
        )


def stop(child: "subprocess.Popen[bytes]", stop_signal: int) -> None:
    if child.poll() is None:
        child.send_signal(stop_signal)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def remove(folder: str) -> None:
    # More than once: a parallel worker that has yet to notice that its pytest is gone may write there again.
    until = time.monotonic() + 2 * GRACE_SECONDS
    while time.monotonic() < until:
        shutil.rmtree(folder, ignore_errors=True)
        time.sleep(0.25)


def main() -> None:
    arguments = parse()
    child = spawn(arguments)
    print(child.pid, flush=True)
    released = threading.Event()

    def hold() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        released.set()
        stop(child, arguments.stop_signal)

    threading.Thread(target=hold, daemon=True).start()
    child.wait()
    if released.is_set() and arguments.remove:
        remove(arguments.remove)
    # Not sys.exit: the thread may still be blocked in its read.
    os._exit(0)


main()
