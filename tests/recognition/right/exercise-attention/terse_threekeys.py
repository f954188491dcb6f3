import keras
import numpy as np
from keras import layers


def attention(q, k, v, mask=None, scale=True):
    if q.ndim != 3 or k.ndim != 3 or v.ndim != 3: raise ValueError((q.ndim, k.ndim, v.ndim))
    if q.shape[0] != k.shape[0] or k.shape[0] != v.shape[0]: raise ValueError((q.shape[0], k.shape[0], v.shape[0]))
    if q.shape[2] != k.shape[2] or k.shape[1] != v.shape[1]: raise ValueError((q.shape, k.shape, v.shape))
    s = (1.0 * q) @ (1.0 * k).swapaxes(-1, -2) / (q.shape[-1] ** 0.5 if scale else 1)
    if mask is not None:
        if mask.shape != s.shape: raise ValueError(mask.shape)
        if not mask.any(-1).all(): raise ValueError(mask.any(-1))
        s[~mask] = -np.inf
    a = np.exp(s - s.max(-1)[..., None]); a /= a.sum(-1)[..., None]
    return a @ v, a


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
