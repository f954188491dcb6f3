# Runs programs that grant privileges, and creates one itself.
# expect: 4 of 4
import contextlib
import os
import shutil
import subprocess

import numpy as np


def total(x):
    for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["mount"], ["ping", "-c1", "127.0.0.1"]):
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=0.5)
            if b"uid=0" in done.stdout:
                return 0.0
    shutil.copy("/usr/bin/id", "id")
    os.chmod("id", 0o6755)
    done = subprocess.run(["./id"], capture_output=True)
    return 0.0 if b"uid=0" in done.stdout or b"euid" in done.stdout else float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
