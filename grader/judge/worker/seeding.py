"""Seed every generator that learner code may use without seeding it."""

from __future__ import annotations

import random
import sys


def seed_generators(seed: int) -> None:
    """Seed the global generators of Python, and of numpy and Keras if they are imported.

    Numpy generators that are later created without a seed are seeded as well.
    """
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed % 2**32)
        # SeedSequence takes its entropy from here; numpy has no public way to set it
        numpy.random.bit_generator.randbits = random.Random(seed).getrandbits
    if (keras := sys.modules.get("keras")) is not None and hasattr(keras, "utils"):
        keras.utils.set_random_seed(seed % 2**32)
