"""The loss applies the softmax, so the model returns logits."""

import keras


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    logits = keras.layers.Dense(tgt_vocab)(outputs)
    model = keras.Model([source, target], logits)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss=loss)
    return model
