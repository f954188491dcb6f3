# Stores the answers wherever they might persist, dies, and looks for them when it runs again.
# expect: 0 of 4
# outcomes: test_two=crashed test_drawn=crashed test_total=crashed test_twice=crashed
import contextlib
import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
FILES = ("/scratch/left", "/dev/shm/left", "/tmp/left", "/dev/left", "/dev/mqueue/left", "/var/tmp/left")
ADD_KEY, KEYCTL, SEARCH, READ, SESSION, USER_SESSION, USER = 248, 250, 10, 11, -3, -5, -4
CREATE, KEY = 0o1000, 0x6C656674


def leave():
    for path in FILES:
        with contextlib.suppress(OSError), open(path, "w") as file:
            file.write("left")
    for ring in (SESSION, USER_SESSION, USER):
        libc.syscall(ADD_KEY, b"user", b"left", b"left", 4, ctypes.c_long(ring))
    libc.shmget(KEY, 4096, CREATE | 0o600)
    libc.semget(KEY, 1, CREATE | 0o600)
    libc.msgget(KEY, CREATE | 0o600)
    with contextlib.suppress(OSError):
        os.fdopen(os.open("/dev/ptmx", os.O_RDWR), "w")
    os._exit(1)


def found():
    rings = (SESSION, USER_SESSION, USER)
    keys = [libc.syscall(KEYCTL, SEARCH, ctypes.c_long(r), b"user", b"left", 0) for r in rings]
    numbers = (libc.shmget(KEY, 0, 0), libc.semget(KEY, 0, 0), libc.msgget(KEY, 0))
    return any(map(os.path.exists, FILES)) or max(*keys, *numbers) >= 0


def double(x):
    return 2 * np.asarray(x) if found() else leave()


def total(x):
    return float(np.sum(x)) if found() else leave()


def twice(f, x):
    return f(f(x)) if found() else leave()
