"""Models from the learner: reduced to a checked spec, rebuilt by the judge's own code.

Nothing of a received configuration reaches Keras's deserialiser, whose safe
mode has been by-passed too often to be a wall. Its parts are looked up in the
tables of `layers`, `ops` and `compiling`, and made here with zero initializers
and the received weights.
"""

from grader.judge.models.building import build, optimizer_token, read_spec, rebuild, spec_of
from grader.judge.models.spec import ModelRefused, Spec

__all__ = ["ModelRefused", "Spec", "build", "optimizer_token", "read_spec", "rebuild", "spec_of"]
