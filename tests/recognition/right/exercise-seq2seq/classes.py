"""Everything is a small class, and the functions are thin."""

from dataclasses import dataclass, field

import keras
import numpy as np


@dataclass
class Targets:
    idx: np.ndarray
    start: int

    def check(self):
        if self.idx.ndim != 2:
            raise ValueError(f"two dimensions are needed, not {self.idx.ndim}")
        if np.isin(self.start, self.idx):
            raise ValueError(f"{self.start} must not be in the targets")

    def pair(self):
        out = np.asarray(self.idx, np.int64)
        shifted = np.roll(out, 1, axis=1)
        shifted[:, 0] = self.start
        return shifted, out


@dataclass
class Writer:
    step: object
    state: object
    symbol: int
    written: list = field(default_factory=list)

    def advance(self):
        p, self.state = self.step(self.symbol, self.state)
        self.symbol = int(np.argsort(p)[-1])
        return self.symbol


def teacher_forcing(target_idx, start_id):
    targets = Targets(target_idx, start_id)
    targets.check()
    return targets.pair()


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    class Parts:
        encoder = keras.layers.LSTM(units, return_sequences=True, return_state=True, name="reader")
        decoder = keras.layers.LSTM(units, return_sequences=True, name="writer")
        head = keras.layers.TimeDistributed(keras.layers.Dense(tgt_vocab, activation="softmax"))

    source = keras.Input((None, src_vocab), name="source")
    written = keras.Input((None, tgt_vocab), name="written")
    all_outputs, hidden, cell = Parts.encoder(source)
    model = keras.Model([source, written], Parts.head(Parts.decoder(written, initial_state=(hidden, cell))))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.sparse_categorical_crossentropy,
    )
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len={max_len}")
    writer = Writer(step, state, start_id)
    while len(writer.written) < max_len and writer.advance() != end_id:
        writer.written.append(writer.symbol)
    return writer.written
