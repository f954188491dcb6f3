# expect: greedy_decode=calls-before-it-looks
# looks at the symbol only at the start of the next round, after one more call of step.
import numpy as np
from keras.layers import Dense, Input, LSTM
from keras.models import Model
from keras.optimizers import Adam


def teacher_forcing(target_idx, start_id):
    if np.ndim(target_idx) != 2:
        raise ValueError(f"{np.ndim(target_idx)} dimensions")
    if (target_idx == start_id).any():
        raise ValueError(f"{start_id=} is one of the targets")
    dec_in = np.roll(target_idx, 1, axis=1).astype("int64")
    dec_in[:, :1] = start_id
    return dec_in, target_idx.astype("int64")


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    # from a textbook: the decoder returns its states, too, they are not needed in training
    encoder_inputs = Input(shape=(None, src_vocab))
    encoder = LSTM(units, return_state=True)
    encoder_outputs, state_h, state_c = encoder(encoder_inputs)
    encoder_states = [state_h, state_c]
    decoder_inputs = Input(shape=(None, tgt_vocab))
    decoder_lstm = LSTM(units, return_sequences=True, return_state=True)
    decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
    decoder_dense = Dense(tgt_vocab, activation="softmax")
    decoder_outputs = decoder_dense(decoder_outputs)
    model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
    model.compile(optimizer=Adam(learning_rate=learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError(f"max_len must be at least 1, not {max_len}")
    symbols = []
    symbol = start_id
    probabilities, state = step(symbol, state)
    while len(symbols) < max_len:
        symbol = int(np.argmax(probabilities))
        probabilities, state = step(symbol, state)
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols
