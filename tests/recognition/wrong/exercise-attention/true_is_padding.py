# expect: attention=mask-inverted
import numpy as np
from tensorflow.keras.layers import LSTM, Attention, Dense, GlobalAveragePooling1D, Input
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import Adam


def attention(q, k, v, mask=None, scale=True):
    """Loops over the batch."""
    if q.ndim != 3 or k.ndim != 3 or v.ndim != 3:
        raise ValueError("three axes please")
    if q.shape[0] != k.shape[0] or q.shape[0] != v.shape[0] or k.shape[1] != v.shape[1] or q.shape[2] != k.shape[2]:
        raise ValueError("shapes")
    if mask is not None and (mask.shape != (q.shape[0], q.shape[1], k.shape[1]) or (mask.sum(axis=2) == 0).any()):
        raise ValueError("mask")
    outs, alphas = [], []
    for n in range(len(q)):
        s = q[n].dot(k[n].T)
        if scale:
            s = s / np.sqrt(q.shape[2])
        if mask is not None:
            s = s + mask[n] * -1e9
        alpha = np.exp(s - s.max(axis=1, keepdims=True))
        alpha = alpha / alpha.sum(axis=1, keepdims=True)
        outs.append(alpha.dot(v[n]))
        alphas.append(alpha)
    return np.array(outs), np.array(alphas)


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    x = Input(shape=(seq_length, n_features))
    h = LSTM(units, return_sequences=True)(x)
    context = Attention()([h, h])
    pooled = GlobalAveragePooling1D()(context)
    y = Dense(n_out)(pooled)
    model = Model(inputs=x, outputs=y)
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate=learning_rate))
    return model
