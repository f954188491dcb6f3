# expect: build_attention_model=?
# the LSTM returns only its last state.
import keras
import numpy as np


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
    inputs = keras.Input(shape=(seq_length, n_features))
    states = keras.layers.LSTM(units)(inputs)
    states = keras.layers.Reshape((1, units))(states)
    looked = keras.layers.Attention()([states, states])
    average = keras.layers.GlobalAveragePooling1D()(looked)
    outputs = keras.layers.Dense(n_out)(average)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mse")
    return model
