"""The same seed for every generator that learner code may use without seeding it."""

from __future__ import annotations

import random
import sys


def seed_generators(seed: int) -> None:
    """Seed Python's, numpy's and Keras's global generators, those of them that are imported."""
    random.seed(seed)
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(seed % 2**32)
    if (keras := sys.modules.get("keras")) is not None and hasattr(keras, "utils"):
        keras.utils.set_random_seed(seed % 2**32)
