"""Reduce a blueprint to its model's behavior, to compare models built from different layers."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.judge.models.building import InitialWeights, build, read_spec
from grader.judge.models.spec import Input, ModelRefused, Spec
from grader.judge.recognition.behavior import Fingerprint
from grader.judge.wire.values import Array, Blueprint, encode

SAMPLES = 3
LENGTH = 6  # steps on an axis of unknown length
MAX_KNOWN = 200  # structures remembered

Shape = tuple[int, ...]
_known: dict[bytes, tuple[tuple[Shape, ...], Array | None]] = {}


def fingerprint(blueprint: Blueprint) -> Fingerprint:
    """Rebuild a model with weights that depend only on their shapes, and record its outputs."""
    try:
        spec = read_spec(blueprint)
    except ModelRefused:
        return Fingerprint((), (), None, "", "", 0.0, blueprint.optimizer)
    weights, answers = behavior_of(spec)
    options = spec.optimizer.options if spec.optimizer else {}
    return Fingerprint(
        input_shape=spec.inputs[0].shape,
        weights=weights,
        answers=answers,
        loss=str(spec.loss),
        optimizer=spec.optimizer.kind if spec.optimizer else "",
        learning_rate=float(options.get("learning_rate", 0.0)),
        token=blueprint.optimizer,
    )


def behavior_of(spec: Spec) -> tuple[tuple[Shape, ...], Array | None]:
    """Return the shapes of a structure's weights and its outputs. Results are cached.

    The outputs are None if the model cannot be computed, and the shapes are empty if it cannot be built.
    """
    structure = msgspec.msgpack.encode(replace(spec, optimizer=None, loss=None, compile_options=()))
    if structure not in _known:
        if len(_known) >= MAX_KNOWN:
            _known.clear()
        shapes: tuple[Shape, ...] = ()
        try:
            model = build(spec, InitialWeights.ZEROS)
            shapes = tuple(tuple(int(n) for n in weight.shape) for weight in model.weights)
            model.set_weights([_drawn(number, shape) for number, shape in enumerate(shapes)])
            _known[structure] = shapes, _answers(model, spec)
        except Exception:  # Keras can raise any exception for an unusual structure
            _known[structure] = shapes, None
    return _known[structure]


def _drawn(number: int, shape: tuple[int, ...]) -> np.ndarray:
    drawn = np.random.default_rng([number, *shape]).normal(size=shape)
    # scaled so that a recurrent state neither vanishes nor explodes
    scaled = drawn / np.sqrt(max(shape[0], 1) if len(shape) > 1 else 1)
    return np.asarray(scaled, dtype=np.float32)


def _answers(model: Any, spec: Spec) -> Array | None:
    rng = np.random.default_rng(0)
    inputs = [_inputs(rng, one) for one in spec.inputs]
    named = dict(zip(spec.input_names, inputs, strict=False))
    answers = encode(np.asarray(model(named or (inputs if len(inputs) > 1 else inputs[0]), training=False)))
    return answers if isinstance(answers, Array) else None


def _inputs(rng: np.random.Generator, one: Input) -> np.ndarray:
    samples, *rest = one.shape
    shape = (samples or SAMPLES, *(LENGTH if n is None else n for n in rest))
    if one.dtype != "float32":
        return rng.integers(2, size=shape).astype(one.dtype)  # indices that every vocabulary has
    return rng.normal(size=shape).astype(np.float32)
