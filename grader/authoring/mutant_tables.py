"""The tables that mutants are made from: what replaces a name, a word or an operator, and added options."""

from __future__ import annotations

import ast

ARITHMETIC: dict[type[ast.operator], tuple[str, tuple[str, ...]]] = {
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("/", "+")),
    ast.Div: ("/", ("*", "//")),
    ast.FloorDiv: ("//", ("/", "*")),
    ast.Mod: ("%", ("//",)),
    ast.Pow: ("**", ("*",)),
    ast.MatMult: ("@", ("*",)),
}
NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)

# each comparison's neighbor at the boundary, and its negation
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
}

# functions, classes and dtypes that are easily confused
NAMES: dict[str, tuple[str, ...]] = {
    "float64": ("float32", "int64"),
    "float32": ("float64",),
    "int64": ("int32", "float64"),
    "min": ("max",),
    "max": ("min",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "any": ("all",),
    "all": ("any",),
    "mean": ("sum", "median"),
    "sum": ("mean",),
    "std": ("var",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "array": ("asarray",),
    "int": ("round",),
    "sorted": ("list",),
    "LSTM": ("GRU",),
    "GRU": ("LSTM",),
    "SimpleRNN": ("LSTM",),
    "Adam": ("SGD", "Nadam"),
    "SGD": ("Adam",),
    "ValueError": ("TypeError",),
    "TypeError": ("ValueError",),
}

WORDS: dict[str, tuple[str, ...]] = {
    "mse": ("mae",),
    "mean_squared_error": ("mean_absolute_error",),
    "categorical_crossentropy": ("binary_crossentropy", "mse"),
    "sparse_categorical_crossentropy": ("categorical_crossentropy",),
    "softmax": ("sigmoid", "linear"),
    "sigmoid": ("tanh", "linear"),
    "tanh": ("relu", "linear"),
    "relu": ("tanh", "linear"),
    "same": ("valid",),
    "valid": ("same",),
    "adam": ("sgd",),
}

# keywords that change only what is printed or how a figure looks, and Keras's names
NEUTRAL = frozenset({"color", "dpi", "figsize", "linestyle", "linewidth", "metrics", "name", "verbose"})

_ANY_LAYER = (
    'bias_initializer="ones"',
    'kernel_constraint="non_neg"',
    'kernel_initializer="zeros"',
    'kernel_regularizer="l2"',
    "trainable=False",
    "use_bias=False",
)
_RECURRENT = (
    *_ANY_LAYER,
    'activation="relu"',
    "dropout=0.2",
    "go_backwards=True",
    "recurrent_dropout=0.2",
    'recurrent_initializer="glorot_uniform"',
    'recurrent_regularizer="l2"',
    "return_sequences=True",
)
_OPTIMIZER = ("beta_1=0.5", "clipnorm=1.0", "epsilon=0.01", "weight_decay=0.1")

OPTIONS: dict[str, tuple[str, ...]] = {
    "SimpleRNN": _RECURRENT,
    "LSTM": (*_RECURRENT, 'recurrent_activation="tanh"', "unit_forget_bias=False"),
    "GRU": (*_RECURRENT, 'recurrent_activation="tanh"', "reset_after=False"),
    "Dense": (*_ANY_LAYER, 'activation="relu"'),
    "Adam": _OPTIMIZER,
    "SGD": ("momentum=0.9", "clipnorm=1.0", "weight_decay=0.1"),
    "compile": ("loss_weights=[2.0]",),
    "fit": ("initial_epoch=1", "shuffle=False", "steps_per_epoch=1", "validation_split=0.2"),
    "evaluate": ("steps=1",),
    "predict": ("steps=1",),
}
ANOTHER_LAYER = _RECURRENT  # for a layer whose class is not known from the source
