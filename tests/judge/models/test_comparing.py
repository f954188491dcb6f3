"""Two models are compared whole: every option counts, except for a short list that is neutral."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from model_samples import L, functional, keras, ops, sent, sequential

from grader.judge.models import ModelUnknown, rebuild
from grader.judge.recognition.behavior import Observed, compare
from grader.judge.recognition.fingerprint import fingerprint
from grader.judge.server.asserts import Mismatch
from grader.judge.server.model_asserts import assert_same_layers, assert_same_model
from grader.judge.wire.values import Blueprint, Opaque

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import tensorflow as tf

Build = Callable[[], Any]


def done(*layers: Any, how: Callable[..., Any] = sequential, shape: Any = (6, 2), **compiling: Any) -> Any:
    model = how(shape, *layers)
    compiling.setdefault("optimizer", keras.optimizers.Adam(0.002))
    compiling.setdefault("loss", "mse")
    model.compile(**compiling)
    return model


def forecaster(**compiling: Any) -> Any:
    return done(L.LSTM(4), L.Dense(3, "softmax"), **compiling)


def adam(**options: Any) -> Any:
    return forecaster(optimizer=keras.optimizers.Adam(0.002, **options))


def trained(how: Callable[[Any], object]) -> Any:
    model = forecaster()
    how(model)
    return model


def own_softmax(x: Any) -> Any:
    e = tf.exp(x - tf.reduce_max(x, axis=-1, keepdims=True))
    return e / tf.reduce_sum(e, axis=-1, keepdims=True)


def relu(x: Any) -> Any:
    """An own function with the name of one of Keras's: its values decide."""
    return tf.nn.softmax(x)


def own_mse(y: Any, p: Any) -> Any:
    return tf.reduce_mean(tf.square(y - p))


class OwnLoss(keras.losses.Loss):
    def call(self, y_true: Any, y_pred: Any) -> Any:
        return ops.mean((y_true - y_pred) ** 2, axis=-1)


def last_state(x: Any) -> Any:
    return L.LSTM(4, return_sequences=True)(x)[:, -1]


NEUTRAL: dict[str, Build] = {
    "itself": forecaster,
    "names": lambda: done(L.LSTM(4, name="memory"), L.Dense(3, "softmax", name="head")),
    "functional": lambda: done(L.LSTM(4), L.Dense(3, "softmax"), how=functional),
    "defaults written out": lambda: done(
        L.LSTM(4, activation="tanh", recurrent_activation="sigmoid", use_bias=True, dropout=0.0),
        L.Dense(3, activation="softmax", kernel_initializer="glorot_uniform"),
    ),
    "metrics": lambda: forecaster(metrics=["mae"]),
    "own metric": lambda: forecaster(metrics=[lambda y, p: ops.mean(p)]),
    "unroll": lambda: done(L.LSTM(4, unroll=True), L.Dense(3, "softmax")),
    "seeds": lambda: done(
        L.LSTM(4, seed=3), L.Dense(3, "softmax", kernel_initializer=keras.initializers.GlorotUniform(5))
    ),
    "jit": lambda: forecaster(jit_compile=False),
    "steps per execution": lambda: forecaster(steps_per_execution=4),
    "loss object": lambda: forecaster(loss=keras.losses.MeanSquaredError()),
    "list of one loss": lambda: forecaster(loss=["mse"]),
    "own loss": lambda: forecaster(loss=own_mse),
    "lambda as a loss": lambda: forecaster(loss=lambda y, p: (y - p) ** 2),
    "own loss class": lambda: forecaster(loss=OwnLoss()),
    "loss weight of one": lambda: forecaster(loss_weights=[1.0]),
    "no decay": lambda: adam(weight_decay=0.0),
    "average that is off": lambda: adam(use_ema=False, ema_momentum=0.5),
    "softmax of Keras": lambda: done(L.LSTM(4), L.Dense(3, keras.activations.softmax)),
    "softmax of TensorFlow": lambda: done(L.LSTM(4), L.Dense(3, tf.nn.softmax)),
    "tanh of TensorFlow": lambda: done(L.LSTM(4, tf.tanh, tf.sigmoid), L.Dense(3, "softmax")),
    "softmax of one's own": lambda: done(L.LSTM(4), L.Dense(3, own_softmax)),
    "softmax under another name": lambda: done(L.LSTM(4), L.Dense(3, relu)),
    "softmax in a lambda": lambda: done(L.LSTM(4), L.Dense(3, lambda x: ops.softmax(x))),
    "softmax in part": lambda: done(L.LSTM(4), L.Dense(3, partial(keras.activations.softmax, axis=-1))),
    "softmax layer": lambda: done(L.LSTM(4), L.Dense(3), L.Softmax()),
    "softmax layer as a function": lambda: done(L.LSTM(4), L.Dense(3, L.Softmax())),
    "activation layer": lambda: done(L.LSTM(4), L.Dense(3), L.Activation("softmax")),
    "own activation layer": lambda: done(L.LSTM(4), L.Dense(3), L.Activation(own_softmax)),
    "softmax in a Lambda layer": lambda: done(L.LSTM(4), L.Dense(3), L.Lambda(own_softmax)),
    "softmax operation": lambda: done(L.LSTM(4), L.Dense(3), ops.softmax, how=functional),
    "linear layer": lambda: done(L.LSTM(4), L.Activation("linear"), L.Dense(3, "softmax")),
    "no dropout": lambda: done(L.LSTM(4), L.Dropout(0.0), L.Dense(3, "softmax")),
    "flat already": lambda: done(L.LSTM(4), L.Flatten(), L.Dense(3, "softmax")),
    "last step in a Lambda layer": lambda: done(
        L.LSTM(4, return_sequences=True), L.Lambda(lambda x: x[:, -1]), L.Dense(3, "softmax")
    ),
    "last step in a functional Lambda layer": lambda: done(
        L.LSTM(4, return_sequences=True), L.Lambda(lambda x: x[:, -1, :]), L.Dense(3, "softmax"),
        how=functional,
    ),
    "last step by slicing": lambda: done(last_state, L.Dense(3, "softmax"), how=functional),
    "last step of the outputs": lambda: done(
        L.LSTM(4, return_sequences=True), L.Dense(3, "softmax"), lambda x: x[:, -1], how=functional
    ),
    "last step of the outputs at each step": lambda: done(
        L.LSTM(4, return_sequences=True), L.TimeDistributed(L.Dense(3, "softmax")), lambda x: x[:, -1],
        how=functional,
    ),
    "predicted once": lambda: trained(lambda model: model.predict(np.zeros((2, 6, 2)), verbose=0)),
    "learning rate assigned": lambda: trained(lambda m: m.optimizer.learning_rate.assign(0.002)),
}  # fmt: skip


@pytest.mark.parametrize("name", NEUTRAL)
def test_another_way_to_write_the_same_model_is_accepted(name: str) -> None:
    assert_same_model(rebuild(sent(NEUTRAL[name]())), rebuild(sent(forecaster())))


def lstm(**options: Any) -> Build:
    return lambda: done(L.LSTM(4, **options), L.Dense(3, "softmax"))


def dense(activation: Any = "softmax", **options: Any) -> Build:
    return lambda: done(L.LSTM(4), L.Dense(3, activation, **options))


def frozen() -> Any:
    model = sequential((6, 2), L.LSTM(4, trainable=False), L.Dense(3, "softmax"))
    model.compile(keras.optimizers.Adam(0.002), "mse")
    return model


def fitted(model: Any) -> None:
    model.fit(np.ones((4, 6, 2)), np.ones((4, 3)), verbose=0)


def fitted_and_compiled(model: Any) -> None:
    fitted(model)
    model.compile(keras.optimizers.Adam(0.002), "mse")


LAYERS = "The layers should be LSTM and Dense, in this order."
DIFFERENT: dict[str, tuple[Build, str]] = {
    "features": (lambda: done(L.LSTM(4), L.Dense(3, "softmax"), shape=(6, 1)), "does not take the inputs"),
    "batch": (
        lambda: done(
            L.LSTM(4), L.Dense(3, "softmax"),
            how=lambda shape, *layers: keras.Sequential([keras.Input(batch_shape=(8, *shape)), *layers]),
        ),
        "does not take the inputs",
    ),
    "units": (lambda: done(L.LSTM(5), L.Dense(3, "softmax")), "The LSTM layer does not set units"),
    "outputs": (lambda: done(L.LSTM(4), L.Dense(2, "softmax")), "The Dense layer does not set units"),
    "another cell": (lambda: done(L.GRU(4), L.Dense(3, "softmax")), LAYERS),
    "one more layer": (lambda: done(L.LSTM(4), L.Dense(4), L.Dense(3, "softmax")), LAYERS),
    "one layer less": (lambda: done(L.LSTM(3)), LAYERS),
    "mean of all states": (
        lambda: done(
            L.LSTM(4, return_sequences=True), L.GlobalAveragePooling1D(), L.Dense(3, "softmax")
        ),
        LAYERS,
    ),
    "first step": (
        lambda: done(L.LSTM(4, return_sequences=True), L.Lambda(lambda x: x[:, 0]), L.Dense(3, "softmax")),
        LAYERS,
    ),
    "all steps": (lstm(return_sequences=True), "The LSTM layer sets return_sequences"),
    "backwards": (lstm(go_backwards=True), "The LSTM layer sets go_backwards"),
    "cell's activation": (lstm(activation="relu"), "The activation of the LSTM layer should be tanh."),
    "gates": (lstm(recurrent_activation="hard_sigmoid"), "The LSTM layer sets recurrent_activation"),
    "cell without a bias": (lstm(use_bias=False), "The LSTM layer sets use_bias"),
    "dropout": (lstm(dropout=0.2), "The LSTM layer sets dropout, but the contract asks for Keras's"),
    "recurrent dropout": (lstm(recurrent_dropout=0.2), "The LSTM layer sets recurrent_dropout"),
    "forget bias": (lstm(unit_forget_bias=False), "The LSTM layer sets unit_forget_bias"),
    "regularizer": (lstm(kernel_regularizer="l2"), "The LSTM layer sets kernel_regularizer"),
    "constraint": (dense(kernel_constraint="non_neg"), "The Dense layer sets kernel_constraint"),
    "penalty": (dense(activity_regularizer="l1"), "The Dense layer sets activity_regularizer"),
    "initial weights": (dense(kernel_initializer="zeros"), "The Dense layer sets kernel_initializer"),
    "own initial weights": (
        dense(kernel_initializer=lambda shape, dtype=None: ops.ones(shape)),
        "The Dense layer sets kernel_initializer",
    ),
    "initial bias": (dense(bias_initializer="ones"), "The Dense layer sets bias_initializer"),
    "head without a bias": (dense(use_bias=False), "The Dense layer sets use_bias"),
    "head's activation": (dense("sigmoid"), "The activation of the Dense layer should be softmax."),
    "own activation of the head": (dense(tf.nn.sigmoid), "The activation of the Dense layer should be"),
    "no activation": (dense(None), "The activation of the Dense layer should be softmax."),
    "frozen": (frozen, "The LSTM layer is frozen"),
    "dropout layer": (
        lambda: done(L.LSTM(4), L.Dropout(0.2), L.Dense(3, "softmax")), "The model has a Dropout layer"
    ),
    "noise around a flat layer": (
        lambda: done(L.LSTM(4), L.Flatten(), L.GaussianNoise(0.1), L.Dense(3, "softmax")),
        "The model has a GaussianNoise layer",
    ),
    "dropout before a flat layer": (
        lambda: done(L.LSTM(4, dropout=0.1), L.Flatten(), L.Dense(3, "softmax")),
        "The LSTM layer sets dropout",
    ),
    "not compiled": (
        lambda: sequential((6, 2), L.LSTM(4), L.Dense(3, "softmax")), "The model is not compiled."
    ),
    "optimizer": (lambda: forecaster(optimizer="adamw"), "The optimizer should be Adam."),
    "rate": (
        lambda: forecaster(optimizer="adam"), "The learning rate of the optimizer"
    ),
    "beta": (lambda: adam(beta_1=0.8), "The optimizer sets beta_1, but the contract asks for Keras's"),
    "amsgrad": (lambda: adam(amsgrad=True), "The optimizer sets amsgrad"),
    "clipping": (lambda: adam(clipnorm=1.0), "The optimizer sets clipnorm"),
    "decay": (lambda: adam(weight_decay=0.01), "The optimizer sets weight_decay"),
    "average": (lambda: adam(use_ema=True), "The optimizer sets"),
    "loss": (lambda: forecaster(loss="mae"), "The loss should be mean squared error."),
    "loss of logits": (
        lambda: forecaster(loss=keras.losses.BinaryCrossentropy(from_logits=True)),
        "The loss should be mean squared error.",
    ),
    "own other loss": (lambda: forecaster(loss=lambda y, p: abs(y - p)), "The loss should be mean squared"),
    "loss weights": (lambda: forecaster(loss_weights=[0.5]), "The model is compiled with loss_weights"),
    "eager": (lambda: forecaster(run_eagerly=True), "The model is compiled with run_eagerly"),
    "fitted": (lambda: trained(fitted), "The weights are no longer initial ones."),
    "fitted and compiled again": (lambda: trained(fitted_and_compiled), "The weights are no longer initial"),
    "steps made": (
        lambda: trained(lambda model: model.optimizer.iterations.assign(3)), "The optimizer has already made"
    ),
    "scaled weights": (
        lambda: trained(lambda m: m.set_weights([2 * w for w in m.get_weights()])),
        "The weights are no longer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_different_model_is_told_in_one_sentence(name: str) -> None:
    build, beginning = DIFFERENT[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns about lambdas
        arrived = sent(build())
    with pytest.raises(Mismatch) as caught:
        assert_same_model(rebuild(arrived), rebuild(sent(forecaster())))
    assert beginning in caught.value.message
    assert caught.value.message.count("\n") == 0 and not caught.value.details


def test_logits_are_told_in_one_sentence() -> None:
    name, with_logits = "categorical_crossentropy", keras.losses.CategoricalCrossentropy(from_logits=True)
    model, expected = (rebuild(sent(forecaster(loss=loss))) for loss in (with_logits, name))
    with pytest.raises(Mismatch, match="categorical crossentropy without from_logits=True, because"):
        assert_same_model(model, expected)
    assert_same_model(model, model)


def translator(
    states: Callable[..., Any] = lambda out, h, c: [h, c],
    decoder: dict[str, Any] | None = None,
    head: Callable[[], Any] = lambda: L.Dense(3, "softmax"),
    inputs: Callable[..., Any] = lambda source, target: [source, target],
    dtype: str = "float32",
    reads: Callable[..., Any] = lambda x: x,
) -> Any:
    source, target = (
        keras.Input((None, *(() if dtype == "int32" else (n,))), dtype=dtype, name=name)
        for n, name in ((2, f"source_{dtype}"), (3, f"target_{dtype}"))
    )
    decoding = L.LSTM(4, **{"return_sequences": True, **(decoder or {})})
    given = states(*L.LSTM(4, return_state=True)(reads(source)))
    out = decoding(reads(target), initial_state=given)
    return keras.Model(inputs(source, target), head()(out[0] if isinstance(out, list | tuple) else out))


def by_name(source: Any, target: Any) -> Any:
    return {source.name: source, target.name: target}


@pytest.mark.parametrize(
    "build",
    [
        translator,
        lambda: translator(decoder={"return_state": True}),
        lambda: translator(head=lambda: L.TimeDistributed(L.Dense(3, "softmax"))),
    ],
)
def test_a_model_with_two_inputs_may_be_written_in_other_ways(build: Build) -> None:
    assert_same_layers(rebuild(sent(build())), rebuild(sent(translator())))


def stacked() -> Any:
    """Return a model with the same layers, in which the decoder reads the encoder's outputs."""
    source, target = keras.Input((None, 2)), keras.Input((None, 3))
    inner = L.LSTM(4, return_sequences=True)(source)
    return keras.Model([source, target], L.Dense(3, "softmax")(L.LSTM(4, return_sequences=True)(inner)))


DECODER = "The second LSTM layer does not receive what the contract asks for"


@pytest.mark.parametrize(
    ("build", "beginning"),
    [
        (lambda: translator(lambda out, h, c: [h, h]), DECODER),
        (lambda: translator(lambda out, h, c: [c, h], {"return_state": True}), DECODER),
        (lambda: translator(lambda out, h, c: [h]), DECODER),
        (
            lambda: translator(lambda out, h, c: None),
            "The layers that lead from the inputs to the output should be LSTM, LSTM",
        ),
        (lambda: translator(head=lambda: L.Dense(3)), "The activation of the Dense layer should be softmax"),
        (lambda: translator(decoder={"activation": "relu"}), "The activation of the LSTM layer should be"),
        (lambda: translator(decoder={"return_sequences": False}), "The LSTM layer does not set return_"),
        (lambda: translator(inputs=lambda s, t: [t, s]), "The model does not take the inputs"),
        (lambda: translator(inputs=by_name), "The model should take its inputs as a list"),
        (
            lambda: translator(head=lambda: L.TimeDistributed(L.Dense(3, "softmax"), trainable=False)),
            "The layers that lead from the inputs",
        ),
        (stacked, "The first LSTM layer sets return_sequences, but"),
    ],
)
def test_a_difference_between_models_with_two_inputs_is_told(build: Build, beginning: str) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_same_layers(rebuild(sent(build())), rebuild(sent(translator())))
    assert caught.value.message.startswith(beginning)


def looking_back(
    attention: Callable[[Any, Any], Any] = lambda x, states: L.Attention()([states, states]),
    average: Callable[[Any, Any], Any] = lambda states, looked: L.GlobalAveragePooling1D()(looked),
    first: Callable[[Any], Any] = lambda x: x,
    **lstm: Any,
) -> Any:
    """Return a model with an LSTM, attention over its states, their average and a Dense layer."""
    inputs = keras.Input((5, 4))
    states = L.LSTM(4, **({"return_sequences": True} | lstm))(first(inputs))
    return keras.Model(inputs, L.Dense(2)(average(states, attention(inputs, states))))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: looking_back(lambda x, states: L.Attention()([states, x])), "The Attention layer does not"),
        (
            lambda: looking_back(lambda x, states: L.Attention()([states, states], use_causal_mask=True)),
            "The Attention layer does not receive what the contract asks for",
        ),
        (
            lambda: looking_back(lambda x, states: L.Attention(dropout=0.2)([states, states])),
            "The Attention layer sets dropout, but the contract asks for Keras's default",
        ),
        (
            lambda: looking_back(first=lambda x: L.Attention()([x, x]), attention=lambda x, states: states),
            "The LSTM layer does not receive what the contract asks for",
        ),
        (
            lambda: looking_back(lambda x, state: L.Attention()(2 * [L.Reshape((1, 4))(state)]),
                                 return_sequences=False),
            "The LSTM layer does not set return_sequences as the contract asks",
        ),
        (
            lambda: looking_back(average=lambda states, looked: L.GlobalAveragePooling1D()(states + looked)),
            "The GlobalAveragePooling1D layer does not receive what the contract asks for",
        ),
        (
            lambda: looking_back(average=lambda states, looked: keras.ops.mean(looked, axis=2)),
            "The layers that lead from the inputs to the output should be LSTM, Attention, GlobalAveragePool",
        ),
        (
            lambda: looking_back(lambda x, states: L.MultiHeadAttention(1, 4)(states, states)),
            "The layers that lead from the inputs to the output should be LSTM, Attention, GlobalAveragePool",
        ),
    ],
)  # fmt: skip
def test_the_first_layer_with_other_results_is_told(build: Build, message: str) -> None:
    with pytest.raises(Mismatch, match=message):
        assert_same_layers(rebuild(sent(build())), rebuild(sent(looking_back())))


@pytest.mark.parametrize(
    "build",
    [
        lambda: looking_back(lambda x, states: L.Attention()([states, states, states])),
        lambda: looking_back(average=lambda states, looked: keras.ops.mean(looked, axis=1)),
    ],
)
def test_layers_with_the_same_results_may_be_called_in_other_ways(build: Build) -> None:
    assert_same_layers(rebuild(sent(build())), rebuild(sent(looking_back())))


def test_models_with_two_inputs_are_recognized_by_what_they_predict() -> None:
    def indices(states: Callable[..., Any]) -> Any:
        return translator(states, dtype="int32", reads=lambda x: L.Embedding(7, 5)(x))

    for build in (translator, indices, lambda states: translator(states, inputs=by_name)):
        one, same, other = (
            fingerprint(sent(build(states)))
            for states in (lambda out, h, c: [h, c], lambda out, h, c: [out, c], lambda out, h, c: [h, h])
        )
        assert one.answers is not None and one.answers == same.answers != other.answers


def test_a_model_that_is_built_but_cannot_be_computed_is_recognized() -> None:
    one, same_, other, small = (
        Observed(function="f", value=fingerprint(sent(model)))
        for model in (
            translator(lambda out, h, c: [h]),
            translator(lambda out, h, c: [out]),
            translator(),
            translator(lambda out, h, c: [h], head=lambda: L.Dense(2, "softmax")),
        )
    )
    assert compare([one], [same_]).same
    assert not compare([one], [other]).same and not compare([one], [small]).same


@pytest.mark.parametrize("layer", [L.SimpleRNN, L.GRU, partial(L.GRU, reset_after=False)])
def test_every_kind_of_cell_is_equal_to_itself_and_to_no_other(layer: Any) -> None:
    one, other = (rebuild(sent(done(layer(4), L.Dense(1)))) for _ in range(2))
    assert_same_model(one, other)
    with pytest.raises(Mismatch):
        assert_same_model(one, rebuild(sent(forecaster())))


def test_another_layer_inside_a_wrapper_is_told() -> None:
    one, other = (rebuild(sent(done(L.Bidirectional(layer(4)), L.Dense(1)))) for layer in (L.GRU, L.LSTM))
    with pytest.raises(Mismatch, match="The layer inside Bidirectional should be LSTM"):
        assert_same_model(one, other)


def test_a_gru_with_one_bias_is_told() -> None:
    one, other = (rebuild(sent(done(L.GRU(4, reset_after=after), L.Dense(1)))) for after in (False, True))
    with pytest.raises(Mismatch, match="The GRU layer sets reset_after"):
        assert_same_model(one, other)


@pytest.mark.parametrize(
    "loss", ["mean_absolute_error", "categorical_crossentropy", "binary_crossentropy", "huber", "log_cosh"]
)
def test_a_loss_of_ones_own_is_known_by_its_values(loss: str) -> None:
    function = getattr(keras.losses, loss)
    arrived = rebuild(sent(forecaster(loss=lambda y, p: function(y, p))))
    assert arrived.loss == loss


def test_a_formula_for_probabilities_is_a_cross_entropy() -> None:
    model = forecaster(loss=lambda y, p: -tf.reduce_sum(y * tf.math.log(p), axis=-1))
    assert rebuild(sent(model)).loss == "categorical_crossentropy"


def test_models_that_are_sent_keep_their_own_functions() -> None:
    model = forecaster(loss=own_mse)
    model.layers[1].activation = own_softmax
    sent(model)
    assert model.layers[1].activation is own_softmax and model.loss is own_mse


class Own(keras.Model):
    def call(self, x: Any) -> Any:
        return x


@pytest.mark.parametrize(
    "build",
    [
        lambda: done(L.LSTM(4), L.Dense(3, lambda x: x + 1)),
        lambda: done(L.RNN(L.LSTMCell(4)), L.Dense(3, "softmax")),
        lambda: forecaster(loss=lambda y, p: ops.mean(abs(y - p) ** 3)),
        lambda: done(L.LSTM(4), L.Lambda(lambda x: x * 2), L.Dense(3)),
    ],
)
def test_a_model_with_unknown_parts_may_be_right(build: Build) -> None:
    arrived = sent(build())
    assert isinstance(arrived, Blueprint)
    with pytest.raises(ModelUnknown):
        rebuild(arrived)


def test_a_class_of_ones_own_may_be_right() -> None:
    arrived = sent(Own())
    assert isinstance(arrived, Opaque) and arrived.reason == "custom_model"
