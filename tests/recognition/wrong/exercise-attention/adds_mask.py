# expect: attention=hidden-scores-lowered
# adds (1 - mask) * -10 to the scores, which leaves hidden keys a small weight.
import keras
import numpy as np


def softmax(x):
    """Safe softmax over the last axis."""
    x = x - np.max(x, axis=-1, keepdims=True)
    e = np.exp(x)
    return e / np.sum(e, axis=-1, keepdims=True)


def _check(q, k, v, mask):
    if any(np.ndim(a) != 3 for a in (q, k, v)):
        raise ValueError(f"q, k and v need 3 axes: {q.shape} {k.shape} {v.shape}")
    if len({a.shape[0] for a in (q, k, v)}) > 1:
        raise ValueError(f"B differs: {q.shape[0]} {k.shape[0]} {v.shape[0]}")
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"d differs: {q.shape[-1]} {k.shape[-1]}")
    if k.shape[1] != v.shape[1]:
        raise ValueError(f"Tk differs: {k.shape[1]} {v.shape[1]}")
    if mask is None:
        return
    if mask.shape != (q.shape[0], q.shape[1], k.shape[1]):
        raise ValueError(f"shape of mask: {mask.shape}")
    if np.any(np.sum(mask, axis=-1) == 0):
        raise ValueError(f"rows without a key in mask: {np.argwhere(mask.sum(-1) == 0)}")


def attention(q, k, v, mask=None, scale=True):
    _check(q, k, v, mask)
    scores = np.matmul(q.astype(np.float64), np.swapaxes(k, 1, 2).astype(np.float64))
    if scale:
        scores = scores / np.sqrt(k.shape[-1])
    if mask is not None:
        scores = scores + (1 - mask) * -10
    weights = softmax(scores)
    return np.matmul(weights, v), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    eingang = keras.layers.Input(shape=(seq_length, n_features))
    zustaende = keras.layers.LSTM(units, return_sequences=True)(eingang)
    blick = keras.layers.Attention()([zustaende, zustaende])
    mittel = keras.layers.AveragePooling1D(pool_size=seq_length)(blick)
    mittel = keras.layers.Flatten()(mittel)
    ausgang = keras.layers.Dense(n_out)(mittel)
    modell = keras.models.Model(eingang, ausgang)
    modell.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mse")
    return modell
