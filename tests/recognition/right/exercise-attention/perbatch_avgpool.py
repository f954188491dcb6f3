import keras
import numpy as np


def attention(q, k, v, mask=None, scale=True):
    if len(q.shape) != 3 or len(k.shape) != 3 or len(v.shape) != 3:
        raise ValueError("three axes expected, got " + str([q.shape, k.shape, v.shape]))
    if len(q) != len(k) or len(q) != len(v):
        raise ValueError("unequal batch sizes " + str([len(q), len(k), len(v)]))
    if q.shape[2] != k.shape[2]:
        raise ValueError("query length " + str(q.shape[2]) + ", key length " + str(k.shape[2]))
    if k.shape[1] != v.shape[1]:
        raise ValueError("number of keys " + str(k.shape[1]) + ", number of values " + str(v.shape[1]))
    shape = (q.shape[0], q.shape[1], k.shape[1])
    if mask is None:
        mask = np.ones(shape, dtype=bool)
    if mask.shape != shape:
        raise ValueError("mask " + str(mask.shape) + " instead of " + str(shape))
    if (mask.sum(axis=2) < 1).any():
        raise ValueError("mask without keys: " + str(mask.sum(axis=2)))

    outs, all_weights = [], []
    for Q, K, V, M in zip(q, k, v, mask):
        Q = Q.astype(np.float64)
        S = Q.dot(K.T)
        if scale == True:
            S = S / np.sqrt(Q.shape[1])
        S = np.where(M, S, np.nan)
        biggest = np.nanmax(S, axis=1)
        E = np.where(M, np.exp(S - biggest[:, None]), 0)
        A = E / E.sum(axis=1)[:, None]
        outs.append(A.dot(V))
        all_weights.append(A)
    return np.array(outs), np.array(all_weights)


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
