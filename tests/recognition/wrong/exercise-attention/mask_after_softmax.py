# expect: attention=hidden-after-the-softmax
# sets the weights of hidden keys to 0 after the softmax, without dividing again.
import numpy as np
from keras.layers import Attention, Dense, GlobalAveragePooling1D, Input, LSTM
from keras.models import Model
from keras.optimizers import Adam


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
    scores -= scores.max(-1, keepdims=True)
    weights = np.exp(scores)
    weights /= weights.sum(-1, keepdims=True)
    if mask is not None:
        weights *= mask
    return np.einsum("bij,bje->bie", weights, v), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    """Input -> LSTM -> Attention -> mean -> Dense"""
    inp = Input((seq_length, n_features))
    lstm = LSTM(units, return_sequences=True)
    att = Attention()
    x = lstm(inp)
    x = att([x, x])
    x = GlobalAveragePooling1D()(x)
    x = Dense(n_out, activation="linear")(x)
    model = Model(inputs=inp, outputs=x)
    model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate), metrics=["mae"])
    return model
