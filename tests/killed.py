"""Doing something in a process that is killed while it does it: the process imports the tower once and has a child of
its own do each turn, so that a turn costs no start.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

FORKING = """
import os, sys
from dijk_web.opening import open_tower
open_tower()
exec(sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        do()
        print("done", flush=True)
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("over", flush=True)
"""


def killed(code: str, surroundings: dict[str, str], times: int, whole: Callable[[bool], bool]) -> int:
    """Do something again and again and kill it after a random time, a little later each turn; how often it was cut off.

    Parameters
    ----------
    code
        Python that imports what it takes and defines ``do()``, which uses no database before.
    whole
        What must hold after each turn, told whether ``do`` said that it was done; whether there is a next turn.
    """
    command = [sys.executable, "-c", FORKING, code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    one, cut_off = subprocess.Popen(command, env=surroundings, **pipes), 0
    try:
        assert one.stdout.readline() == "ready\n"
        drawn = random.Random(times)
        for pause in sorted(drawn.uniform(0, 0.6) for _ in range(times)):
            one.stdin.write("go\n")
            one.stdin.flush()
            said = [one.stdout.readline().strip()]
            time.sleep(pause)
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(next(line for line in said if line.isdecimal())), signal.SIGKILL)
            while said[-1] != "over":
                said.append(one.stdout.readline().strip())
            cut_off += "done" not in said
            if not whole("done" in said):
                break
    finally:
        one.kill()
        one.communicate()
    return cut_off
