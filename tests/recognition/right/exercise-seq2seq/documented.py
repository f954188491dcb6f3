import keras
import numpy as np


def teacher_forcing(target_idx: np.ndarray, start_id: int) -> tuple[np.ndarray, np.ndarray]:
    """Shift the targets to the right by one step, behind the start symbol."""
    if target_idx.ndim != 2:
        raise ValueError(f"expected (n, T), got {target_idx.shape}")
    rows, _ = np.where(target_idx == start_id)
    if rows.size:
        raise ValueError(f"the start symbol {start_id} appears in row {rows[0]}")
    dec_out = target_idx.copy().astype(np.int64)
    dec_in = np.insert(dec_out, 0, start_id, axis=1)
    dec_in = np.delete(dec_in, -1, axis=1)
    assert dec_in.shape == dec_out.shape
    return dec_in, dec_out


def build_seq2seq(
    src_vocab: int, tgt_vocab: int, units: int = 64, learning_rate: float = 0.01
) -> keras.Model:
    """Build the encoder first, then the decoder, then the classifier."""
    source = keras.Input(shape=(None, src_vocab), name="source_letters")
    encoder = keras.layers.LSTM(units, return_state=True, name="encoder")
    _, state_h, state_c = encoder(source)

    previous = keras.Input(shape=(None, tgt_vocab), name="previous_letters")
    decoder = keras.layers.LSTM(units, return_sequences=True, name="decoder")
    hidden = decoder(previous, initial_state=[state_h, state_c])

    classifier = keras.layers.Dense(tgt_vocab, activation="softmax", name="classifier")
    model = keras.Model(inputs=[source, previous], outputs=[classifier(hidden)])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=["sparse_categorical_crossentropy"],
    )
    return model


def greedy_decode(step, state, start_id: int, end_id: int, max_len: int) -> list[int]:
    """Always take the most probable symbol."""
    if max_len < 1:
        raise ValueError(f"max_len should be at least 1, not {max_len}")
    symbols: list[int] = []
    latest = start_id
    finished = False
    while not finished:
        probabilities, state = step(latest, state)
        latest = int(np.argmax(probabilities))
        if latest != end_id:
            symbols.append(latest)
        finished = latest == end_id or len(symbols) == max_len
    return symbols
