"""The environment variables of judge and worker processes."""

from __future__ import annotations

import os
import site

QUIET_TENSORFLOW = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def judge_variables(directory: str) -> dict[str, str]:
    """Return the variables of a judge whose scratch directory is `directory`.

    They are the user's variables, without those that configure Python, pytest,
    Keras, TensorFlow or matplotlib.
    """
    dropped = ("PYTHON", "PYTEST", "COV_", "KERAS", "TF_", "MPL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    own = {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "KERAS_HOME": directory, "TMPDIR": directory}
    return kept | own | QUIET_TENSORFLOW


def worker_variables(home: str, fonts: str) -> dict[str, str]:
    """Return the variables of a worker. Learner code can read them all.

    `fonts` is the directory of matplotlib's font list, or "".
    """
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": home,
        "TMPDIR": home,
        "MPLCONFIGDIR": fonts or home,
        "PYTHONUSERBASE": site.getuserbase(),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # a submission behaves the same in every process
        **QUIET_TENSORFLOW,
    }
