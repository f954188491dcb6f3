"""The same seed for every generator that learner code may use without seeding it."""

from __future__ import annotations

import random
import sys


def seed_generators(seed: int) -> None:
    """Seed Python's, numpy's and Keras's global generators, those of them that are imported.

    Numpy's new generators that are made without a seed get one from here too.
    """
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed % 2**32)
        # where a SeedSequence without entropy gets it; numpy's way to set it from outside is not there
        numpy.random.bit_generator.randbits = random.Random(seed).getrandbits
    if (keras := sys.modules.get("keras")) is not None and hasattr(keras, "utils"):
        keras.utils.set_random_seed(seed % 2**32)
