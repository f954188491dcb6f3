"""Computed with TensorFlow, in 32 bits."""

import numpy as np
import tensorflow as tf
from tensorflow import keras


def check_shapes(q, k, v, mask):
    if not (q.ndim == k.ndim == v.ndim == 3):
        raise ValueError(f"expected 3 axes each, got {q.ndim}, {k.ndim}, {v.ndim}")
    b, tq, d = q.shape
    _, tk, _ = k.shape
    if k.shape != (b, tk, d) or v.shape[0] != b or v.shape[1] != tk:
        raise ValueError(f"shapes do not fit: {q.shape}, {k.shape}, {v.shape}")
    if mask is not None:
        if mask.shape != (b, tq, tk):
            raise ValueError(f"wrong mask shape {mask.shape}")
        if (~mask).all(axis=-1).any():
            raise ValueError("mask without any True in a row")


def attention(q, k, v, mask=None, scale=True):
    check_shapes(q, k, v, mask)
    q, k, v = (tf.cast(x, tf.float32) for x in (q, k, v))
    logits = tf.matmul(q, k, transpose_b=True)
    if scale:
        logits = logits / tf.math.sqrt(tf.cast(tf.shape(k)[-1], tf.float32))
    if mask is not None:
        logits = tf.where(mask, logits, tf.constant(-np.inf, tf.float32))
    weights = tf.nn.softmax(logits, axis=-1)
    return tf.matmul(weights, v), weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    inp = keras.layers.Input(shape=(seq_length, n_features))
    out = keras.layers.LSTM(units, activation="tanh", return_sequences=True)(inp)
    out = keras.layers.Attention(use_scale=False, score_mode="dot")([out, out])
    out = keras.layers.GlobalAveragePooling1D()(out)
    out = keras.layers.Dense(n_out)(out)
    model = keras.Model(inputs=[inp], outputs=[out])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="mse")
    return model
