"""The one-byte words on a zygote's control socket, and the question on a worker's lifeline."""

import struct
from typing import NamedTuple

FORK = b"f"  # to the zygote: fork a worker that is needed now
SPARE = b"s"  # to the zygote: fork a worker for later, which has time to warm up

SHARE = b"c"  # to the zygote: here is a control socket for another judge
ALIVE = b"a"  # to the zygote, which echoes it to show that it is alive

WALLED = b"w"  # from the zygote: the walls can be built, or none were requested
READY = b"r"  # from the zygote: everything is imported
FORKED = b"f"  # from the zygote: the requested worker has been forked

# on a worker's lifeline: how much CPU time has the worker used since this time of the monotonic clock?
SINCE = struct.Struct("=d")
USED = struct.Struct("=dd")  # the answer: seconds used, and seconds for which its threads waited


class CpuUse(NamedTuple):
    """What a worker and all that it started have used, and how long other processes kept them waiting."""

    cpu: float  # seconds
    waited: float
