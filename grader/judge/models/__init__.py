"""Check the learner's models and rebuild them with the judge's own code.

A received configuration never reaches Keras's deserializer, whose safe mode has
been bypassed too often to be relied on. Instead its parts are looked up in the
tables of `layers`, `ops` and `compiling`. The judge creates these parts itself and
sets the received weights.
"""

from grader.judge.models.building import (
    InitialWeights,
    build,
    optimizer_token,
    origin_of,
    read_spec,
    rebuild,
    spec_of,
)
from grader.judge.models.sizes import TOO_MANY, check_batch
from grader.judge.models.spec import ModelRefused, ModelUnknown, Spec

__all__ = [
    "InitialWeights",
    "ModelRefused",
    "ModelUnknown",
    "TOO_MANY",
    "Spec",
    "build",
    "check_batch",
    "optimizer_token",
    "origin_of",
    "read_spec",
    "rebuild",
    "spec_of",
]
