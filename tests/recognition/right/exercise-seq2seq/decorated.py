import functools

import keras
import numpy as np


def checked(test, says):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if not test(*args, **kwargs):
                raise ValueError(says.format(*args))
            return function(*args, **kwargs)

        return wrapper

    return decorate


@checked(lambda t, s: np.ndim(t) == 2 and s not in np.ravel(t).tolist(), "bad targets or start symbol {1}")
def teacher_forcing(target_idx, start_id):
    n, length = target_idx.shape
    dec_in = np.empty((n, length), dtype=np.int64)
    dec_in[:, :1] = start_id
    np.copyto(dec_in[:, 1:], target_idx[:, :-1])
    return dec_in, target_idx.astype(np.int64, copy=True)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    encoder_in = keras.Input(batch_shape=(None, None, src_vocab))
    decoder_in = keras.Input(batch_shape=(None, None, tgt_vocab))
    encoded = keras.layers.LSTM(units, return_state=True, unroll=False)(encoder_in)
    decoded = keras.layers.LSTM(units, return_sequences=True, return_state=True)(
        decoder_in, initial_state=[encoded[1], encoded[2]]
    )
    out = keras.layers.Dense(units=tgt_vocab, activation=keras.activations.softmax)(decoded[0])
    model = keras.models.Model(inputs=(encoder_in, decoder_in), outputs=out, name="speller")
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model


@checked(lambda step, state, start_id, end_id, max_len: max_len > 0, "max_len is {4}")
def greedy_decode(step, state, start_id, end_id, max_len):
    def symbols():
        symbol, now = start_id, state
        for _ in range(max_len):
            probabilities, now = step(symbol, now)
            symbol = max(range(len(probabilities)), key=lambda i: probabilities[i])
            if symbol == end_id:
                return
            yield symbol

    return list(symbols())
