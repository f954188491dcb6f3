"""What is said on a zygote's control socket, one word at a time."""

FORK = b"f"  # to the zygote: a worker that is needed now
SPARE = b"s"  # to the zygote: a worker for later, which has time to warm up

SHARE = b"c"  # to the zygote: another control socket, for another judge
ALIVE = b"a"  # to the zygote, which says the same if it is

WALLED = b"w"  # the walls can be built here, or none were asked for
READY = b"r"  # everything is imported
FORKED = b"f"  # the worker that was asked for has been forked
