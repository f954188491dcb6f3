import numpy as np, keras
from math import isqrt

def build_model(kind, seq_length, units, n_features=1, learning_rate=1e-3):
    if kind not in ("rnn", "lstm", "gru"): raise ValueError(f"kind {kind}")
    R = getattr(keras.layers, {"rnn": "SimpleRNN"}.get(kind, kind.upper()))
    m = keras.Sequential([keras.Input((seq_length, n_features)), R(units), keras.layers.Dense(1)])
    m.compile(keras.optimizers.Adam(learning_rate), "mse")
    return m

def count_params(kind, units, n_features, reset_after=True):
    try: blocks = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    except KeyError: raise ValueError(f"kind {kind}") from None
    return blocks * units * (units + n_features + 1 + (kind == "gru" and bool(reset_after)))

def match_units(kind, budget, n_features):
    # b*u^2 + b*c*u <= budget, whole numbers only
    if kind not in ("rnn", "lstm", "gru"): raise ValueError(f"kind {kind}")
    b, c = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}[kind]
    c += int(n_features)
    q = int(budget) // b
    u = (isqrt(c * c + 4 * q) - c) // 2 if q > 0 else 0
    if u < 1: raise ValueError(f"budget {budget}")
    return u

def compare(builders, data, epochs, seeds):
    a, b, c, d = data
    seeds = list(seeds)
    def run(f, s):
        m = f(s)
        m.fit(a, c, epochs=epochs, batch_size=16, verbose=0)
        return float(m.evaluate(a, c, verbose=0)), float(m.evaluate(b, d, verbose=0)), m.count_params()
    out = {}
    for n, f in builders.items():
        tr, te, p = zip(*[run(f, s) for s in seeds])
        out[n] = dict(train_mse=list(tr), test_mse=list(te), params=int(p[0]))
    return out
