"""Names of old versions of Keras and TensorFlow, and what to use now.

`tests/judge/server/old_names_samples.py` holds code for each of them: with the old
name it raises, with the new one it runs.
"""

from __future__ import annotations

import re

from msgspec import Struct

KERAS_3 = "Keras 3"
TENSORFLOW_2 = "TensorFlow 2"

_ARGUMENT = ("TypeError", "ValueError")
_ATTRIBUTE = ("AttributeError",)
# after an import has failed, its name is not defined
_IMPORT = ("ImportError", "AttributeError", "NameError")


class OldName(Struct, frozen=True):
    """An old name. Exactly one of `new` and `instead` is given.

    `sign` is a regular expression for a name as `source_names.names` returns it. `old`,
    `new` and `instead` may refer to its groups. The entry applies only if the
    exception is one of `errors`, which are built-in classes.
    """

    sign: str
    errors: tuple[str, ...]
    old: str
    new: str = ""  # the name that it has now
    instead: str = ""  # a sentence without its period
    library: str = KERAS_3


_ANY = r"(?:.*\.)?"  # a module or an object
_KERAS = r"(?:tensorflow\.(?:compat\.v1\.)?)?keras\."
_OPTIMIZER = _ANY + r"(?:SGD|RMSprop|Adam|AdamW|Nadam|Adamax|Adagrad|Adadelta|Adafactor|Ftrl|Lion)"
_RECURRENT = _ANY + r"(?:LSTM|GRU|SimpleRNN|ConvLSTM2D)"
_CONV = _ANY + r"(?:Separable)?Conv(?:olution)?[123]D(?:Transpose)?"
_POOL = _ANY + r"(?:Max|Average)Pooling[123]D"
_LAYER = (
    _ANY
    + r"(?:LSTM|GRU|SimpleRNN|ConvLSTM2D|Bidirectional|TimeDistributed|Dense|Dropout|SpatialDropout[123]D"
    r"|Flatten|Reshape|Permute|RepeatVector|Masking|Activation|Lambda|BatchNormalization|LeakyReLU"
    r"|(?:Separable)?Conv(?:olution)?[123]D|(?:Max|Average)Pooling[123]D|Embedding)"
)
_OF_AN_OPTIMIZER = r"(?i:(?:.*[._])?(?:optimizer|optim|opt|adam|sgd|rmsprop))"


def _argument(calls: str, old: str, new: str = "", instead: str = "") -> OldName:
    return OldName(rf"{calls}\({old}=", _ARGUMENT, f"`{old}=`", new and f"`{new}=`", instead)


def _renamed(module: str, old: str, new: str) -> OldName:
    """Return the entry for a part of a module of Keras. `new` is its full name now."""
    sign = rf"{_KERAS}{module}\.{old}(?:[.(].*)?"
    return OldName(sign, _IMPORT, f"`keras.{module}.{old}`", f"`{new}`")


def _backend(old: str, new: str = "", instead: str = "", prefix: str = "") -> OldName:
    sign = rf"{prefix}keras\.backend\.{old}(?:[.(].*)?"
    return OldName(sign, _IMPORT, f"`keras.backend.{old}`", new and f"`{new}`", instead)


def _tensorflow(old: str, new: str = "", instead: str = "") -> OldName:
    sign = rf"tensorflow\.{re.escape(old)}(?:[.(].*)?"
    return OldName(sign, _IMPORT, f"`tf.{old}`", new and f"`{new}`", instead, TENSORFLOW_2)


_START = "Start the model with `keras.Input({})`"
_SESSION = "Remove it: TensorFlow 2 runs each operation right away"

_ARGUMENTS = (
    _argument(_OPTIMIZER, "lr", "learning_rate"),
    _argument(_ANY + "compile", "lr", instead="Pass `learning_rate=` to the optimizer"),
    _argument(
        _LAYER.replace("|Embedding", "|Embedding|Input"),
        "batch_input_shape",
        instead=_START.format("batch_shape=..."),
    ),
    OldName(
        rf"{_LAYER}\(batch_shape=", _ARGUMENT, "`batch_shape=` for layers",
        instead=_START.format("batch_shape=..."),
    ),
    OldName(
        rf"{_LAYER}\(batch_size=", _ARGUMENT, "`batch_size=` for layers",
        instead=_START.format("shape=..., batch_size=..."),
    ),
    _argument(_LAYER.replace("|Embedding", ""), "input_length", instead=_START.format("shape=...")),
    _argument(_ANY + "Input", "input_shape", "shape"),
    OldName(
        rf"(?:{_RECURRENT}|{_CONV}|{_ANY}Dense)\(weights=", _ARGUMENT, "`weights=` for this layer",
        instead="Call its `set_weights()` after it is built",
    ),
    _argument(f"(?:{_RECURRENT}|{_ANY}Dense)", "output_dim", "units"),
    _argument(_LAYER, "init", "kernel_initializer"),
    _argument(_RECURRENT, "inner_init", "recurrent_initializer"),
    _argument(_RECURRENT, "inner_activation", "recurrent_activation"),
    _argument(_RECURRENT, "forget_bias_init", "unit_forget_bias"),
    _argument(_RECURRENT, "U_regularizer", "recurrent_regularizer"),
    _argument(_RECURRENT, "dropout_W", "dropout"),
    _argument(_RECURRENT, "dropout_U", "recurrent_dropout"),
    _argument(_RECURRENT, "consume_less", instead="Remove it"),
    _argument(_RECURRENT, "time_major", instead="Remove it: the batch is always the first axis"),
    _argument(_LAYER, "W_regularizer", "kernel_regularizer"),
    _argument(_LAYER, "b_regularizer", "bias_regularizer"),
    _argument(_LAYER, "W_constraint", "kernel_constraint"),
    _argument(_LAYER, "b_constraint", "bias_constraint"),
    _argument(_LAYER, "bias", "use_bias"),
    _argument(_ANY + r"(?:Dropout|SpatialDropout[123]D|GaussianDropout)", "p", "rate"),
    _argument(_ANY + "GaussianNoise", "sigma", "stddev"),
    _argument(_ANY + "BatchNormalization", "mode", instead="Remove it"),
    _argument(_ANY + "BatchNormalization", "fused", instead="Remove it"),
    _argument(_ANY + "BatchNormalization", "beta_init", "beta_initializer"),
    _argument(_ANY + "BatchNormalization", "gamma_init", "gamma_initializer"),
    _argument(_CONV, "nb_filter", "filters"),
    _argument(_CONV, "filter_length", "kernel_size"),
    _argument(_CONV, "nb_row", instead="Use `kernel_size=(rows, columns)`"),
    _argument(_CONV, "nb_col", instead="Use `kernel_size=(rows, columns)`"),
    _argument(f"(?:{_CONV}|{_POOL})", "border_mode", "padding"),
    _argument(f"(?:{_CONV}|{_POOL})", "dim_ordering", "data_format"),
    _argument(_CONV, "subsample_length", "strides"),
    _argument(_CONV, "subsample", "strides"),
    _argument(_POOL, "pool_length", "pool_size"),
    _argument(_POOL, "stride", "strides"),
    _argument(_ANY + "Model", "input", "inputs"),
    _argument(_ANY + "Model", "output", "outputs"),
    _argument(r".*\.fit", "nb_epoch", "epochs"),
    _argument(r".*\.fit", "samples_per_epoch", "steps_per_epoch"),
    _argument(r".*\.fit", "nb_val_samples", "validation_steps"),
    _argument(r".*\.(?:fit|evaluate)", "show_accuracy", instead='Pass `metrics=["accuracy"]` to `compile`'),
    *(
        _argument(r".*\.(?:fit|evaluate|predict)", old, instead="Remove it")
        for old in ("workers", "use_multiprocessing", "max_queue_size")
    ),
    *(
        _argument(r".*\.compile", old, instead="Remove it")
        for old in ("class_mode", "sample_weight_mode", "target_tensors", "experimental_run_tf_function")
    ),
    _argument(_ANY + "to_categorical", "nb_classes", "num_classes"),
    _argument(_ANY + "ModelCheckpoint", "period", instead="Use `save_freq=`"),
    _argument(_ANY + "TensorBoard", "write_grads", instead="Remove it"),
    _argument(_ANY + "TensorBoard", "batch_size", instead="Remove it"),
    *(
        OldName(rf"tensorflow\.{call}\({old}=", _ARGUMENT, f"`{old}=`", f"`{new}=`", library=TENSORFLOW_2)
        for call, old, new in (
            (r"reduce_\w+", "keep_dims", "keepdims"),
            (r"reduce_\w+", "reduction_indices", "axis"),
            ("arg(?:max|min)", "dimension", "axis"),
            ("squeeze", "squeeze_dims", "axis"),
        )
    ),
)  # fmt: skip

_METHODS = (
    OldName(_OF_AN_OPTIMIZER + r"\.lr(?:\..*)?", _ATTRIBUTE, "`lr`", "`learning_rate`"),
    OldName(_OF_AN_OPTIMIZER + r"\.weights", _ATTRIBUTE, "`weights` of an optimizer", "`variables`"),
    OldName(
        _OF_AN_OPTIMIZER + r"\.get_weights\(", _ATTRIBUTE, "`get_weights()` for optimizers",
        instead="Use `optimizer.variables`",
    ),
    OldName(
        r".*\.predict_classes\(", _ATTRIBUTE, "`predict_classes`",
        instead="Use `model.predict(X).argmax(axis=-1)`, or `model.predict(X) > 0.5` for one sigmoid output",
    ),
    OldName(r".*\.predict_proba\(", _ATTRIBUTE, "`predict_proba`", "`predict`"),
    OldName(r".*\.(fit|evaluate|predict)_generator\(", _ATTRIBUTE, r"`\1_generator`", r"`\1`"),
    OldName(
        r"(?!.*(?:metric|loss|acc)).*\.reset_states\(", _ATTRIBUTE, "`reset_states()` for models",
        instead="Call `reset_state()` on each stateful layer",
    ),
    OldName(
        r".*(?:metric|loss|acc).*\.reset_states\(", _ATTRIBUTE, "`reset_states` of a metric", "`reset_state`"
    ),
    OldName(r".*\._make_predict_function\(", _ATTRIBUTE, "`_make_predict_function`", instead="Remove it"),
    OldName(r".*\.to_yaml\(", _ATTRIBUTE, "`to_yaml`", instead="Use `to_json`"),
    OldName(
        r".*\.(input|output)_shape", _ATTRIBUTE, r"`\1_shape` for layers",
        instead=r"Use `layer.\1.shape`",
    ),
    OldName(
        r".*\.get_(input|output)_(?:shape_)?at\(", _ATTRIBUTE, r"`get_\1_at`", instead=r"Use `layer.\1`"
    ),
)  # fmt: skip

_LAYERS = (
    "core recurrent convolutional pooling embeddings wrappers normalization advanced_activations noise"
    " rnn attention preprocessing cudnn_recurrent experimental"
).split()
_LOSSES = (
    "mean_squared_error mean_absolute_error mean_absolute_percentage_error mean_squared_logarithmic_error"
    " kl_divergence"
).split()
_SHORT_LOSSES = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
}
_OPTIMIZERS = {
    "adam": "Adam",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "adamax": "Adamax",
    "nadam": "Nadam",
}

_MODULES = (
    *(_renamed("layers", old, "keras.layers") for old in _LAYERS),
    OldName(_KERAS + r"layers\.merge\..*", _IMPORT, "`keras.layers.merge`", "`keras.layers`"),
    OldName(
        _KERAS + r"layers\.(merge|Merge)\(?", _IMPORT, r"`\1`",
        instead="Use `keras.layers.concatenate` or `keras.layers.add`",
    ),
    _renamed("layers", "CuDNNLSTM", "keras.layers.LSTM"),
    _renamed("layers", "CuDNNGRU", "keras.layers.GRU"),
    OldName(
        _KERAS + r"layers\.TimeDistributedDense\(?", _IMPORT, "`TimeDistributedDense`",
        instead="Use `TimeDistributed(Dense(...))`",
    ),
    OldName(
        r"keras\.layers\.ThresholdedReLU\(?", _IMPORT, "`ThresholdedReLU`",
        instead="Use `ReLU(threshold=...)`",
    ),
    OldName(
        _KERAS + r"layers\.AtrousConvolution([12])D\(?", _IMPORT, r"`AtrousConvolution\1D`",
        instead=r"Use `Conv\1D(..., dilation_rate=...)`",
    ),
    _renamed("layers", "Deconvolution2D", "keras.layers.Conv2DTranspose"),
    OldName(
        _KERAS + r"engine(?:[.(].*)?", _IMPORT, "`keras.engine`",
        instead="Use `keras.layers.Layer`, `keras.Model` and `keras.Input`",
    ),
    *(
        _renamed("utils", old, "keras.utils")
        for old in ("np_utils", "generic_utils", "vis_utils", "data_utils")
    ),
    OldName(
        _KERAS + r"wrappers\.scikit_learn(?:[.(].*)?", _IMPORT, "`keras.wrappers.scikit_learn`",
        instead="Use `SKLearnClassifier` or `SKLearnRegressor` from `keras.wrappers`",
    ),
    OldName(
        r"keras\.preprocessing\.text(?:[.(].*)?", _IMPORT, "`keras.preprocessing.text`",
        instead="Use `keras.layers.TextVectorization`",
    ),
    OldName(
        r"keras\.preprocessing\.sequence\.TimeseriesGenerator\(?", _IMPORT, "`TimeseriesGenerator`",
        instead="Use `keras.utils.timeseries_dataset_from_array`",
    ),
    OldName(
        r"keras\.preprocessing\.image\.ImageDataGenerator\(?", _IMPORT, "`ImageDataGenerator`",
        instead="Use `keras.utils.image_dataset_from_directory`",
    ),
    OldName(
        _KERAS + r"objectives(?:[.(].*)?", _IMPORT, "`keras.objectives`", "`keras.losses`"
    ),
    OldName(
        _KERAS + r"initializations(?:[.(].*)?", _IMPORT, "`keras.initializations`", "`keras.initializers`"
    ),
    *(_renamed("initializers", old, f"keras.initializers.{new}")
      for old, new in (("normal", "RandomNormal"), ("uniform", "RandomUniform"))),
    *(_renamed("constraints", old, f"keras.constraints.{new}")
      for old, new in (("maxnorm", "MaxNorm"), ("nonneg", "NonNeg"), ("unitnorm", "UnitNorm"))),
    _renamed("regularizers", "l1l2", "keras.regularizers.l1_l2"),
    _renamed("models", "Input", "keras.Input"),
    OldName(
        _KERAS + r"models\.model_from_yaml\(?", _IMPORT, "`model_from_yaml`", instead="Use `model_from_json`"
    ),
    OldName(
        _KERAS + r"optimizers\.(legacy|experimental)\..*", _IMPORT, r"`keras.optimizers.\1`",
        "`keras.optimizers`",
    ),
    *(
        _renamed("optimizers", old + version, f"keras.optimizers.{new}")
        for old, new in _OPTIMIZERS.items()
        for version in ("", "_v2")
    ),
    OldName(
        r"tensorflow\.python\.keras\..*", ("ImportError",), "`tensorflow.python.keras`", "`tensorflow.keras`"
    ),
    _renamed("losses", "cosine_proximity", "keras.losses.cosine_similarity"),
    *(
        OldName(
            rf"keras\.{kind}\.{old}\(?", _IMPORT, f"`keras.{kind}.{old}`", f"`keras.{kind}.{new}`"
        )
        for kind in ("losses", "metrics")
        for old, new in _SHORT_LOSSES.items()
    ),
    *(
        OldName(
            rf"tensorflow\.(?:keras\.)?{kind}\.{name}\(?", _IMPORT, f"`tf.keras.{kind}.{name}`",
            f"`keras.{kind}.{name}`",
        )
        for kind in ("losses", "metrics")
        for name in _LOSSES
    ),
)  # fmt: skip

SAME_OPS = (
    "mean sum square sqrt abs exp log max min prod std var argmax argmin concatenate reshape expand_dims"
    " squeeze transpose dot tile stack cast shape zeros ones zeros_like ones_like maximum minimum sigmoid"
    " tanh relu softmax elu softplus softsign hard_sigmoid clip round sign sin cos equal not_equal greater"
    " greater_equal less less_equal any all cumsum cumprod arange one_hot binary_crossentropy"
    " categorical_crossentropy sparse_categorical_crossentropy"
).split()
OTHER_OPS = {
    "pow": "power",
    "flatten": "ravel",
    "permute_dimensions": "transpose",
    "batch_dot": "matmul",
    "repeat_elements": "repeat",
    "l2_normalize": "normalize",
    "switch": "where",
    "gather": "take",
    "constant": "convert_to_tensor",
    "eval": "convert_to_numpy",
    "get_value": "convert_to_numpy",
}
_EITHER = r"(?:tensorflow\.(?:compat\.v1\.)?)?"

_BACKEND = (
    *(_backend(old, f"keras.ops.{old}") for old in SAME_OPS),
    *(_backend(old, f"keras.ops.{new}") for old, new in OTHER_OPS.items()),
    _backend("variable", "keras.Variable"),
    _backend("random_normal", "keras.random.normal"),
    _backend("random_uniform", "keras.random.uniform"),
    _backend("set_value", instead="Use `variable.assign(value)`"),
    _backend("int_shape", instead="Use `x.shape`"),
    _backend("ndim", instead="Use `len(x.shape)`"),
    _backend("gradients", instead="Use `tf.GradientTape`"),
    _backend("image_dim_ordering", "keras.backend.image_data_format"),
    _backend("set_image_dim_ordering", "keras.backend.set_image_data_format"),
    _backend("placeholder", "keras.Input", prefix=_EITHER),
    _backend("function", instead="Use `keras.Model(inputs, outputs)`", prefix=_EITHER),
    *(
        _backend(old, instead="Pass `training=True` or `training=False` in the call", prefix=_EITHER)
        for old in ("learning_phase", "set_learning_phase")
    ),
    *(
        _backend(old, instead="Remove it: Keras 3 has no sessions", prefix=_EITHER)
        for old in ("get_session", "set_session", "tensorflow_backend")
    ),
)

_TENSORFLOW = (
    *(
        _tensorflow(old, f"tf.{new}")
        for old, new in {
            "random_normal": "random.normal",
            "random_uniform": "random.uniform",
            "truncated_normal": "random.truncated_normal",
            "set_random_seed": "random.set_seed",
            "random.set_random_seed": "random.set_seed",
            "log": "math.log",
            "log1p": "math.log1p",
            "ceil": "math.ceil",
            "is_nan": "math.is_nan",
            "count_nonzero": "math.count_nonzero",
            "erf": "math.erf",
            "rsqrt": "math.rsqrt",
            "mod": "math.floormod",
            "mul": "multiply",
            "sub": "subtract",
            "div": "divide",
            "neg": "negative",
            "pack": "stack",
            "unpack": "unstack",
            "arg_max": "argmax",
            "diag": "linalg.diag",
            "trace": "linalg.trace",
            "matrix_inverse": "linalg.inv",
            "get_variable": "Variable",
            "train.Saver": "train.Checkpoint",
            "gfile": "io.gfile",
            "py_func": "py_function",
            "Print": "print",
            "image.resize_images": "image.resize",
            "nn.softmax_cross_entropy_with_logits_v2": "nn.softmax_cross_entropy_with_logits",
        }.items()
    ),
    *(
        _tensorflow(f"train.{old}Optimizer", f"keras.optimizers.{new}")
        for old, new in {
            "Adam": "Adam",
            "RMSProp": "RMSprop",
            "Adagrad": "Adagrad",
            "GradientDescent": "SGD",
            "Momentum": "SGD",
        }.items()
    ),
    _tensorflow("truncated_normal_initializer", "keras.initializers.TruncatedNormal"),
    _tensorflow("orthogonal_initializer", "keras.initializers.Orthogonal"),
    _tensorflow("glorot_uniform_initializer", "keras.initializers.GlorotUniform"),
    _tensorflow("reset_default_graph", "keras.utils.clear_session"),
    *(_tensorflow(old, instead="Use `tf.cast`") for old in ("to_float", "to_double", "to_int32", "to_int64")),
    _tensorflow("assign", instead="Use `variable.assign(value)`"),
    _tensorflow("placeholder", instead="Write a function that takes the value as an argument"),
    *(
        _tensorflow(old, instead=_SESSION)
        for old in (
            "Session", "InteractiveSession", "get_default_session", "get_default_graph", "ConfigProto",
            "GPUOptions", "global_variables_initializer", "local_variables_initializer",
            "variables_initializer", "initialize_all_variables", "enable_eager_execution",
        )
    ),
    _tensorflow("disable_eager_execution", instead="Remove it: Keras 3 needs eager execution"),
    _tensorflow("variable_scope", instead="Remove it"),
    *(
        _tensorflow(old, instead="Use `model.trainable_variables`")
        for old in ("trainable_variables", "global_variables")
    ),
    _tensorflow("logging", instead='Use `tf.get_logger().setLevel("ERROR")`'),
    _tensorflow("contrib", instead="Look for its layers in `keras.layers`"),
    *(
        _tensorflow(old, instead="Use `keras.layers.LSTM`, `GRU` or `SimpleRNN`")
        for old in ("nn.rnn_cell", "nn.dynamic_rnn", "nn.static_rnn")
    ),
    _tensorflow("nn.bidirectional_dynamic_rnn", "keras.layers.Bidirectional"),
    OldName(
        r"tensorflow\.(?:compat\.v1\.)?layers(?:[.(].*)?", _IMPORT, "`tf.layers`", "`keras.layers`",
        library=TENSORFLOW_2,
    ),
)  # fmt: skip

OLD_NAMES = (*_ARGUMENTS, *_METHODS, *_MODULES, *_BACKEND, *_TENSORFLOW)
