# Connects to a server on this machine, to one outside, and to an abstract socket.
# expect: 4 of 4
import contextlib
import socket

import numpy as np


def total(x):
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", int("@PORT@"))),
        (socket.AF_INET, ("192.0.2.1", 80)),  # an address for documentation
        (socket.AF_INET6, ("::1", int("@PORT@"))),
        (socket.AF_UNIX, "\0@ABSTRACT@"),
    ):
        with contextlib.suppress(OSError), socket.socket(family) as connection:
            connection.settimeout(0.5)
            connection.connect(address)
            connection.sendall(b"hello")
            return 0.0
    return float(np.sum(x))


def double(x):
    return 2 * np.asarray(x)


def twice(f, x):
    return f(f(x))
