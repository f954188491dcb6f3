# expect: build_seq2seq=states-swapped
# passes the cell state first, then the hidden state.
import itertools

import keras
import numpy as np
from keras import layers


def teacher_forcing(target_idx, start_id):
    if np.ndim(target_idx) != 2:
        raise ValueError(f"{np.ndim(target_idx)} dimensions")
    if (target_idx == start_id).any():
        raise ValueError(f"{start_id=} is one of the targets")
    dec_in = np.roll(target_idx, 1, axis=1).astype("int64")
    dec_in[:, :1] = start_id
    return dec_in, target_idx.astype("int64")


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    """Encoder and decoder, see section 11.1."""
    enc_in = layers.Input((None, src_vocab), name="encoder_input")
    dec_in = layers.Input((None, tgt_vocab), name="decoder_input")

    encoder = layers.LSTM(units, return_state=True, name="encoder")
    enc_out, state_h, state_c = encoder(enc_in)

    decoder = layers.LSTM(units, return_sequences=True, name="decoder")
    dec_out = decoder(dec_in, initial_state=[state_c, state_h])
    dec_out = layers.Dense(tgt_vocab, activation="softmax", name="probabilities")(dec_out)

    model = keras.Model(inputs=[enc_in, dec_in], outputs=dec_out, name="seq2seq")
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(opt, keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def _symbols(step, symbol, state):
    while True:
        probabilities, state = step(symbol, state)
        symbol = int(np.argmax(probabilities))
        yield symbol


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"{max_len=}")
    written = itertools.islice(_symbols(step, start_id, state), max_len)
    return list(itertools.takewhile(lambda s: s != end_id, written))
