"""Train a learner's own networks for the page."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from grader.content.exercise import Exercise
from grader.content.network import Network
from grader.errors import CourseError
from grader.judge import sentences
from grader.judge.models import spec_of
from grader.judge.models.page_layers import NotRunnable, check_runnable, page_layers
from grader.judge.networks import TrainedNetwork
from grader.judge.server.asserts import Mismatch
from grader.judge.server.gates import Gate, load_verdict
from grader.judge.server.learner import CallFailed, Learner
from grader.judge.server.session import Session
from grader.judge.server.time_limit import TimeLimitExceeded, time_limit
from grader.judge.server.training import Recipe, Trainer


def train_networks(exercise: Exercise, session: Session, trainer: Trainer) -> tuple[TrainedNetwork, ...]:
    """Build each network of an exercise with the learner's function and train a copy of it."""
    gates = load_verdict(session, exercise).gates if exercise.networks else {}
    return tuple(_trained(network, exercise, session, gates, trainer) for network in exercise.networks)


def _trained(
    network: Network, exercise: Exercise, session: Session, gates: dict[str, Gate], trainer: Trainer
) -> TrainedNetwork:
    wave = network.wave
    empty = TrainedNetwork(
        id=network.id,
        title=network.title,
        function=network.function,
        window=network.window,
        training_windows=network.training_windows,
        series=tuple(wave.series),
        period=wave.period,
        amplitude=wave.amplitude,
        level=wave.level,
        shift=network.shift,
        factor=network.factor,
        steps=network.steps,
    )
    if network.function in gates:
        return replace(empty, problem=gates[network.function][1])
    try:
        with time_limit(session.limits.test):
            return _filled(empty, network, exercise, session, trainer)
    except TimeLimitExceeded:
        return replace(empty, problem=sentences.training_timed_out(network.function))
    except (CallFailed, Mismatch) as failure:
        return replace(empty, problem=failure.message)
    except NotRunnable as reason:
        return replace(empty, problem=sentences.not_runnable(network.function, str(reason)))
    except CourseError:
        raise
    except Exception:  # of Keras or TensorFlow, about what learner code chose
        return replace(empty, problem=sentences.unusable(network.function))


def _filled(
    empty: TrainedNetwork, network: Network, exercise: Exercise, session: Session, trainer: Trainer
) -> TrainedNetwork:
    call = getattr(Learner(session, exercise, visible=True), network.function)
    positional, named = network.arguments
    model = call(*positional, **named)
    spec, size = spec_of(model), int(model.count_params())
    check_runnable(spec, network.window, size)
    if tuple(model.output_shape) != (None, 1):
        raise NotRunnable("it does not predict a single number")
    X, y = windows(network)
    recipe = Recipe(steps=network.steps, learning_rate=network.learning_rate)
    trained: Any = trainer(model, X, y, recipe)
    if not all(np.isfinite(weight).all() for weight in trained.get_weights()):
        raise NotRunnable("its weights became infinite in training")
    return replace(empty, parameters=size, layers=page_layers(spec, trained))


def windows(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return the windows (n, window, 1) that a network is trained on, and their targets (n,)."""
    values = (np.array(network.wave.series) - network.shift) / network.factor
    X = np.lib.stride_tricks.sliding_window_view(values, network.window)[:-1, :, np.newaxis]
    n = network.training_windows
    return X[:n], values[network.window :][:n]
