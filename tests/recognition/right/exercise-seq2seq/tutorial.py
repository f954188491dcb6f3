import numpy as np
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Dense, Input
from tensorflow.keras.models import Model


def teacher_forcing(target_idx, start_id):
    if len(np.shape(target_idx)) != 2:
        raise ValueError("wrong shape %s" % (np.shape(target_idx),))
    if start_id in target_idx:
        raise ValueError("start_id %d in the targets" % start_id)
    decoder_target_data = np.array(target_idx, dtype="int64")
    decoder_input_data = np.zeros(decoder_target_data.shape, dtype="int64")
    for i in range(len(decoder_target_data)):
        for t in range(decoder_target_data.shape[1]):
            if t == 0:
                decoder_input_data[i, t] = start_id
            else:
                decoder_input_data[i, t] = decoder_target_data[i, t - 1]
    return decoder_input_data, decoder_target_data


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    # Define an input sequence and process it.
    encoder_inputs = Input(shape=(None, src_vocab))
    encoder = LSTM(units, return_state=True)
    encoder_outputs, state_h, state_c = encoder(encoder_inputs)
    # We discard `encoder_outputs` and only keep the states.
    encoder_states = [state_h, state_c]

    # Set up the decoder, using `encoder_states` as initial state.
    decoder_inputs = Input(shape=(None, tgt_vocab))
    decoder_lstm = LSTM(units, return_sequences=True, return_state=True)
    decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
    decoder_dense = Dense(tgt_vocab, activation="softmax")
    decoder_outputs = decoder_dense(decoder_outputs)

    model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    if max_len < 1:
        raise ValueError("max_len is %d" % max_len)
    target = start_id
    decoded = []
    stop_condition = False
    while not stop_condition:
        output_tokens, state = step(target, state)
        sampled_token_index = np.argmax(output_tokens)
        if sampled_token_index == end_id:
            stop_condition = True
        else:
            decoded.append(int(sampled_token_index))
            target = int(sampled_token_index)
        if len(decoded) >= max_len:
            stop_condition = True
    return decoded
