"""Everything with loops, one number after another."""

import math

import keras
import numpy as np


def dot(a, b):
    total = 0.0
    for x, y in zip(a, b):
        total += float(x) * float(y)
    return total


def attention(q, k, v, mask=None, scale=True):
    for array in (q, k, v):
        if len(array.shape) != 3:
            raise ValueError(f"shape {array.shape}")
    if not (q.shape[0] == k.shape[0] == v.shape[0]):
        raise ValueError(f"batches: {q.shape[0]}, {k.shape[0]}, {v.shape[0]}")
    if q.shape[2] != k.shape[2]:
        raise ValueError(f"{q.shape[2]} is not {k.shape[2]}")
    if k.shape[1] != v.shape[1]:
        raise ValueError(f"{k.shape[1]} keys, {v.shape[1]} values")
    batch, n_queries, d = q.shape
    n_keys = k.shape[1]
    if mask is not None and mask.shape != (batch, n_queries, n_keys):
        raise ValueError(f"mask {mask.shape}")
    weights = np.zeros((batch, n_queries, n_keys))
    out = np.zeros((batch, n_queries, v.shape[2]))
    for b in range(batch):
        for i in range(n_queries):
            allowed = [j for j in range(n_keys) if mask is None or mask[b, i, j]]
            if len(allowed) == 0:
                raise ValueError(f"query {i} of sequence {b} sees nothing")
            scores = {}
            for j in allowed:
                score = dot(q[b, i], k[b, j])
                scores[j] = score / math.sqrt(d) if scale else score
            largest = max(scores.values())
            total = sum(math.exp(score - largest) for score in scores.values())
            for j, score in scores.items():
                weights[b, i, j] = math.exp(score - largest) / total
                out[b, i] += weights[b, i, j] * v[b, j]
    return out, weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    sequence = keras.layers.Input((seq_length, n_features), name="sequence")
    lstm = keras.layers.LSTM(units, return_sequences=True, name="states")(sequence)
    attended = keras.layers.Attention(name="look")([lstm, lstm, lstm])
    average = keras.ops.mean(attended, axis=1)
    answer = keras.layers.Dense(n_out, activation="linear", name="answer")(average)
    model = keras.models.Model(sequence, answer, name="attention_model")
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.learning_rate = learning_rate
    return model
