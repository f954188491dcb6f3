"""Models like those that learners write, and their path to the judge.

As a script, this file plays the learner's process: `python model_samples.py FILE`
writes the models of KINDS and their predictions.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.judge.wire.values import Array, Blueprint, Opaque, encode
from grader.judge.worker.convert import convert

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

L, ops = keras.layers, keras.ops
Build = Callable[[], Any]


def sequential(shape: tuple[int | None, ...], *layers: Any) -> Any:
    return keras.Sequential([keras.Input(shape), *layers])


def functional(shape: tuple[int | None, ...], *layers: Any) -> Any:
    first = x = keras.Input(shape)
    for layer in layers:
        x = layer(x)
    return keras.Model(first, x)


def stateful(layer: Any) -> Any:
    return keras.Sequential([keras.Input(batch_shape=(4, 6, 2)), layer, L.Dense(1)])


def added() -> Any:
    model = keras.Sequential()
    for layer in (keras.Input((6, 1)), L.LSTM(5), L.Dense(1)):
        model.add(layer)
    return model


def built_later() -> Any:
    model = keras.Sequential([L.LSTM(4), L.Dense(1)])
    model.build((None, 6, 2))
    return model


def compiled(model: Any, **how: Any) -> Any:
    how.setdefault("optimizer", keras.optimizers.Adam(0.005, clipnorm=1.0))
    how.setdefault("loss", "mse")
    model.compile(**how)
    return model


def attention() -> Any:
    x = keras.Input((6, 3))
    h = L.LSTM(4, return_sequences=True)(x)
    both = [L.Attention()([h, h]), L.AdditiveAttention()([h, h])]
    return keras.Model(x, L.Dense(1)(L.GlobalAveragePooling1D()(L.Concatenate()(both))))


def transformer() -> Any:
    x = keras.Input((6, 4))
    h = L.LayerNormalization()(L.Add()([x, L.MultiHeadAttention(num_heads=2, key_dim=3)(x, x)]))
    return keras.Model(x, L.Dense(2)(h))


def seq2seq() -> Any:
    source, target = keras.Input((None,), dtype="int32"), keras.Input((None,), dtype="int32")
    _, h, c = L.LSTM(5, return_state=True)(L.Embedding(11, 4, mask_zero=True)(source))
    decoder = L.LSTM(5, return_sequences=True)
    y = decoder(L.Embedding(12, 4, mask_zero=True)(target), initial_state=[h, c])
    return keras.Model([source, target], L.Dense(12, activation="softmax")(y))


def sliced() -> Any:
    x = keras.Input((6, 3))
    return keras.Model(x, L.LSTM(3)(x[:, :2] * 2 + 1))


def averaged() -> Any:
    x = keras.Input((6, 3))
    h = L.GRU(3, return_sequences=True)(x)
    return keras.Model(x, L.Dense(1)(ops.mean(h, axis=1)))


# the twelve kinds that were measured before the judge was written
KINDS: dict[str, Build] = {
    "SimpleRNN": lambda: sequential((6, 3), L.SimpleRNN(8, activation="relu"), L.Dense(5, "softmax")),
    "LSTM stack": lambda: sequential(
        (None, 2),
        L.LSTM(4, return_sequences=True, dropout=0.2, recurrent_dropout=0.1),
        L.LSTM(3, go_backwards=True),
        L.Dense(1),
    ),
    "GRU": lambda: sequential(
        (None, 2), L.GRU(5, reset_after=False, return_sequences=True), L.TimeDistributed(L.Dense(2))
    ),
    "Bidirectional": lambda: sequential(
        (6, 2), L.Bidirectional(L.LSTM(4, kernel_regularizer=keras.regularizers.L2(0.01))), L.Dense(1)
    ),
    "Embedding": lambda: sequential((9,), L.Embedding(30, 4, mask_zero=True), L.GRU(5), L.Dense(30)),
    "stateful": lambda: stateful(L.LSTM(3, stateful=True)),
    "build()": built_later,
    "attention": attention,
    "transformer": transformer,
    "seq2seq": seq2seq,
    "sliced": sliced,
    "averaged": averaged,
}


def merged() -> Any:
    a, b = keras.Input((6, 2), name="left"), keras.Input((6, 2), name="right")
    pairs = [merge([a, b]) for merge in (L.Add(), L.Subtract(), L.Multiply(), L.Average(), L.Maximum())]
    h = L.Concatenate(axis=1)([*pairs, L.Minimum()([a, b])])
    return keras.Model({"left": a, "right": b}, {"all": h, "dot": L.Dot(axes=(2, 2), normalize=True)([a, b])})


def twice() -> Any:
    x, layer = keras.Input((6, 2)), L.Dense(2, activation="tanh")
    return keras.Model(x, [layer(layer(x)), L.LSTM(2)(layer(x))])


def states() -> Any:
    x = keras.Input((6, 2))
    y, *first = L.Bidirectional(L.GRU(3, return_state=True, return_sequences=True))(x)
    return keras.Model(x, L.Bidirectional(L.GRU(3))(y, initial_state=first))


def state_unused() -> Any:
    x = keras.Input((6, 2))
    return keras.Model(x, L.LSTM(3, return_state=True)(x)[0])


def masked(*layers: Any) -> Any:
    ids = keras.Input((9,), dtype="int32")
    x = L.Embedding(7, 4, mask_zero=True)(ids)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns if a layer drops the mask
        for layer in layers:
            x = layer(x)
    return keras.Model(ids, x)


def own_mask() -> Any:
    ids = keras.Input((9,), dtype="int32")
    x = L.Embedding(7, 4)(ids)
    return keras.Model(ids, L.LSTM(3)(x, mask=ops.not_equal(ids, 0)))


def mask_of_a_branch() -> Any:
    ids = keras.Input((9,), dtype="int32")
    e = L.Embedding(7, 4, mask_zero=True)(ids)
    both = L.Concatenate()([L.LSTM(3, return_sequences=True)(e), L.Dense(2)(e)])
    return keras.Model(ids, L.GRU(2)(L.Attention()([both, both])))


def attention_by_hand() -> Any:
    q, k = keras.Input((4, 3)), keras.Input((6, 3))
    weights = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 2, 1))) / 3**0.5, axis=-1)
    return keras.Model([q, k], [ops.matmul(weights, k), weights])


def scores_returned() -> Any:
    q, v = keras.Input((4, 3)), keras.Input((6, 3))
    return keras.Model(
        [q, v],
        [
            *L.MultiHeadAttention(2, 3, value_dim=2, output_shape=5)(
                query=q, value=v, return_attention_scores=True
            ),
            *L.Attention(use_scale=True)([q, v], return_attention_scores=True),
        ],
    )


def operations() -> Any:
    x = keras.Input((6, 4))
    results = [
        1 - x / 2, -abs(x) ** 2, x @ ops.transpose(x, (0, 2, 1)), x[:, -1], x[..., ::-1, None], x[:, 1:3, 0],
        ops.max(x, axis=(1, 2), keepdims=True), ops.std(x, axis=-1), ops.concatenate([x, x], axis=1),
        ops.stack([x, x * 2], axis=-1), ops.reshape(x, (-1, 3, 8)), ops.expand_dims(x, 1), ops.flip(x, 1),
        ops.squeeze(x[:, :1], 1), ops.repeat(x, 3, axis=1), ops.tile(x, (1, 2, 1)), ops.roll(x, 2, axis=1),
        ops.clip(x, -1, 1), ops.where(x > 0, x, 0.1), ops.swapaxes(x, 1, 2), ops.moveaxis(x, 1, 2),
        ops.relu(x), ops.sigmoid(x), ops.tanh(x), ops.gelu(x), ops.cumsum(x, axis=1),
        ops.one_hot(ops.cast(x[:, :, 0] > 0, "int32"), 5), ops.argmax(x, -1), ops.log_softmax(x),
    ]  # fmt: skip
    return keras.Model(x, results)


MODELS: dict[str, Build] = {
    **KINDS,
    "options": lambda: sequential((6, 2), L.LSTM(4, unit_forget_bias=False, use_bias=False, unroll=True)),
    "functions": lambda: sequential(
        (6, 2), L.LSTM(4, activation=keras.activations.relu), L.Activation("gelu")
    ),
    "activations": lambda: sequential((6, 2), L.ReLU(1.0, 0.1), L.LeakyReLU(0.2), L.Softmax(), L.Flatten()),
    "sum": lambda: sequential((6, 2), L.Bidirectional(L.LSTM(4), merge_mode="sum"), L.Dense(1)),
    "own mirror": lambda: sequential(
        (6, 2), L.Bidirectional(L.GRU(2), backward_layer=L.GRU(2, go_backwards=True))
    ),
    "apart": lambda: functional((6, 2), L.Bidirectional(L.GRU(2), merge_mode=None)),
    "norms": lambda: sequential(
        (6, 2), L.LayerNormalization(), L.BatchNormalization(axis=1), L.UnitNormalization(), L.SimpleRNN(3)
    ),
    "noise": lambda: sequential(
        (6, 2),
        L.Dropout(0.1),
        L.SpatialDropout1D(0.2),
        L.GaussianNoise(0.3),
        L.GaussianDropout(0.1),
        L.GRU(2),
    ),
    "shapes": lambda: sequential(
        (6, 2), L.Flatten(), L.RepeatVector(3), L.Reshape((6, -1)), L.Permute((2, 1)), L.LSTM(2)
    ),
    "convolution": lambda: sequential(
        (20, 2),
        L.ZeroPadding1D((1, 2)),
        L.Conv1D(6, 3, dilation_rate=2, padding="causal", groups=2, activation="relu"),
        L.MaxPooling1D(2),
        L.Conv1D(4, 2, strides=2),
        L.UpSampling1D(3),
        L.Cropping1D((1, 2)),
        L.AveragePooling1D(3, strides=2, padding="same"),
        L.GlobalMaxPooling1D(keepdims=True),
        L.Flatten(),
        L.Dense(1),
    ),
    "penalties": lambda: sequential(
        (6, 2),
        L.LSTM(
            3,
            recurrent_regularizer="l1",
            bias_regularizer=keras.regularizers.L1L2(0.1, 0.2),
            kernel_constraint="max_norm",
        ),
        L.Dense(2, kernel_constraint="non_neg", bias_constraint="unit_norm", activity_regularizer="l2"),
    ),
    "masking": lambda: sequential((6, 2), L.Masking(0.5), L.LSTM(3, zero_output_for_mask=True), L.Dense(1)),
    "functional masking": lambda: functional((6, 2), L.Masking(), L.LSTM(3, return_sequences=True), L.GRU(2)),
    "masks passed on": lambda: masked(
        L.SpatialDropout1D(0.1), L.Bidirectional(L.GRU(3, return_sequences=True)), L.Dense(3), L.LSTM(2)
    ),
    "masks lost": lambda: masked(L.Reshape((4, 9)), L.LSTM(2)),
    "masked steps": lambda: masked(L.TimeDistributed(L.Dense(2)), L.LSTM(2)),
    "own mask": own_mask,
    "mask of a branch": mask_of_a_branch,
    "functional": lambda: functional((6, 2), L.LSTM(4, return_sequences=True), L.GRU(3), L.Dense(1)),
    "add()": added,
    "stateful GRU": lambda: stateful(L.Bidirectional(L.GRU(3, stateful=True))),
    "merged": merged,
    "twice": twice,
    "states": states,
    "state unused": state_unused,
    "attention by hand": attention_by_hand,
    "scores returned": scores_returned,
    "operations": operations,
}


def shaken(model: Any, rng: np.random.Generator) -> Any:
    """Draw new weights for a model and return it. Variances are not negative."""
    model.set_weights(
        [
            (abs(draw) if "variance" in weight.name else draw).astype("float32")
            for weight in model.weights
            for draw in [rng.normal(size=weight.shape) * 0.5]
        ]
    )
    return model


def inputs_for(model: Any, rng: np.random.Generator) -> Any:
    """Draw inputs for a batch of four; integers if the model begins with an Embedding."""
    taken = model.get_config().get("input_layers")
    drawn = []
    for tensor in model.inputs:
        shape = [4, *(n or 5 for n in tensor.shape[1:])]
        whole = tensor.dtype == "int32" or len(shape) == 2
        drawn.append(
            rng.integers(0, 7, size=shape, dtype="int32")
            if whole
            else rng.normal(size=shape).astype("float32")
        )
    if isinstance(taken, dict):
        return dict(zip(taken, drawn, strict=True))
    return drawn if len(drawn) > 1 else drawn[0]


def outputs_of(model: Any, X: Any) -> list[np.ndarray]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s).*does not support masking")
        return [np.asarray(output) for output in keras.tree.flatten(model(X))]


def sent(model: Any) -> Any:
    """Return the model as the judge receives it."""
    encoded = encode(model, convert=convert)
    return msgspec.msgpack.decode(msgspec.msgpack.encode(encoded), type=Blueprint | Opaque)


class Sample(msgspec.Struct):
    """A model of the other process, with inputs and the predictions made there."""

    blueprint: Blueprint
    inputs: list[Array]
    outputs: list[Array]


def _write_samples(path: Path, names: list[str]) -> None:
    rng, samples = np.random.default_rng(5), {}
    for name in names:
        model = compiled(shaken(KINDS[name](), rng))
        X = inputs_for(model, rng)
        outputs = model.predict_on_batch(X)
        samples[name] = Sample(
            encode(model, convert=convert),
            [encode(x) for x in (X if isinstance(X, list) else [X])],
            [encode(outputs)],
        )
    path.write_bytes(msgspec.msgpack.encode(samples))


if __name__ == "__main__":
    _write_samples(Path(sys.argv[1]), sys.argv[2:])
