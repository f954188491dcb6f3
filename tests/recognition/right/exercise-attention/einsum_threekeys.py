import keras
import numpy as np
from keras import layers


def attention(q, k, v, mask=None, scale=True):
    """Scaled dot-product attention with einsum: b batch, i query, j key, d length, e length of a value."""
    if not (q.ndim == k.ndim == v.ndim == 3):
        raise ValueError(f"shapes {q.shape}, {k.shape}, {v.shape}: three axes each, please")
    B, Tq, d = q.shape
    Tk = k.shape[1]
    if k.shape != (B, Tk, d):
        raise ValueError(f"k has shape {k.shape}, does not fit q: {q.shape}")
    if v.shape[:2] != (B, Tk):
        raise ValueError(f"v has shape {v.shape}, does not fit k: {k.shape}")
    scores = np.einsum("bid,bjd->bij", q, k, dtype=np.float64)
    if scale:
        scores /= d**0.5
    if mask is not None:
        if mask.shape != (B, Tq, Tk):
            raise ValueError(f"mask: {mask.shape}")
        if (~mask).all(axis=-1).any():
            raise ValueError(f"a query has no key; mask.sum(-1) = {mask.sum(-1)}")
        scores[~mask] = -np.inf
    scores -= scores.max(-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(-1, keepdims=True)
    return np.einsum("bij,bje->bie", weights, v), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    x = layers.Input(shape=(seq_length, n_features), name="steps")
    h = layers.LSTM(units, return_sequences=True, name="lstm")(x)
    # query, value, key
    a = layers.Attention(name="look")([h, h, h])
    m = layers.GlobalAveragePooling1D(name="mean")(a)
    y = layers.Dense(n_out, name="out")(m)
    model = keras.Model(x, y, name="attention_model")
    model.compile(keras.optimizers.Adam(learning_rate), keras.losses.MeanSquaredError())
    return model
