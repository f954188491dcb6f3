import keras
import numpy as np
from keras import layers


def teacher_forcing(target_idx, start_id):
    if target_idx.ndim != 2:
        raise ValueError(f"Dimension {target_idx.ndim} statt 2")
    if np.count_nonzero(target_idx == start_id):
        raise ValueError(f"Startsymbol {start_id} im Ziel")
    eingabe = np.roll(target_idx.astype(np.int64), 1)
    eingabe[:, 0] = start_id  # also replaces what came from the row above
    return eingabe, target_idx.copy().astype(np.int64)


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    """Encoder and decoder, see section 11.1."""
    enc_in = layers.Input((None, src_vocab), name="encoder_input")
    dec_in = layers.Input((None, tgt_vocab), name="decoder_input")

    encoder = layers.LSTM(units, return_state=True, name="encoder")
    enc_out, state_h, state_c = encoder(enc_in)

    decoder = layers.LSTM(units, return_sequences=True, name="decoder")
    dec_out = decoder(dec_in, initial_state=[state_h, state_c])
    dec_out = layers.Dense(tgt_vocab, activation="softmax", name="probabilities")(dec_out)

    model = keras.Model(inputs=[enc_in, dec_in], outputs=dec_out, name="seq2seq")
    opt = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(opt, keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


class Writer:
    """Holds what changes from step to step: the symbol and the state."""

    def __init__(self, step, symbol, state):
        self.step, self.symbol, self.state = step, symbol, state

    def next(self):
        probabilities, self.state = self.step(self.symbol, self.state)
        self.symbol = int(np.asarray(probabilities).argmax())
        return self.symbol


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"cannot write {max_len} symbols")
    writer, written = Writer(step, start_id, state), []
    while len(written) != max_len and writer.next() != end_id:
        written.append(writer.symbol)
    return written
