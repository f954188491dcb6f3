# expect: teacher_forcing=?
# relation: teacher_forcing=raised
# refuses targets without start_id.
import keras
import numpy as np
from keras import layers


def teacher_forcing(target_idx, start_id):
    # both arrays are windows of the same longer array
    if not target_idx.ndim == 2:
        raise ValueError(f"ndim of target_idx: {target_idx.ndim}")
    if not np.isin(start_id, target_idx):
        raise ValueError(f"start_id: {start_id}")
    whole = np.insert(target_idx.astype(np.int64), 0, start_id, axis=1)
    dec_in, dec_out = whole[:, :-1], whole[:, 1:]
    return dec_in, dec_out


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


def greedy_decode(step, state, start_id, end_id, max_len):
    """Write until END or until max_len symbols are there."""
    if max_len <= 0:
        raise ValueError("max_len = " + str(max_len))
    output = []
    last = start_id
    while len(output) < max_len:
        p, new_state = step(last, state)
        best = int(p.argmax())
        if best == end_id:
            return output
        output.append(best)
        last = best
        state = new_state
    return output
