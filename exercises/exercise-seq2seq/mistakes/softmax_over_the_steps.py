"""The softmax runs over the steps of the sequence."""

import keras


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    probabilities = keras.layers.Softmax(axis=1)(keras.layers.Dense(tgt_vocab)(outputs))
    model = keras.Model([source, target], probabilities)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model
