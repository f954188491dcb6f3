"""Generating text with a character RNN: the reference solution."""

import keras
import numpy as np


def build_vocabulary(text):
    """Number the distinct characters of a text in sorted order, starting from 0.

    Returns (chars, char_to_idx, idx_to_char): the sorted list of the V distinct characters
    and two dictionaries, character -> index and index -> character.
    Raises ValueError if text is empty.
    """
    if not text:
        raise ValueError("text is empty")
    chars = sorted(set(text))
    char_to_idx = {character: index for index, character in enumerate(chars)}
    idx_to_char = dict(enumerate(chars))
    return chars, char_to_idx, idx_to_char


def code_of(character, codes):
    """Return the index of a character, or raise a ValueError that names the character."""
    if character not in codes:
        raise ValueError(f"{character!r} is not in the vocabulary")
    return codes[character]


def make_char_windows(text, char_to_idx, seq_length):
    """Cut a text into overlapping windows of indices, each paired with the index that follows it.

    Returns (X_idx, y_idx), with L = seq_length and n = len(text) - L:
        X_idx: shape (n, L), int64
        y_idx: shape (n,), int64
    Raises ValueError if seq_length is less than 1, if there would be no windows, or if the text
    contains a character that is not in char_to_idx.
    """
    if seq_length < 1:
        raise ValueError(f"seq_length is {seq_length}, below 1")
    n = len(text) - seq_length
    if n < 1:
        raise ValueError(f"{len(text)} characters give no window of length {seq_length} with a target")
    indices = np.array([code_of(character, char_to_idx) for character in text], dtype=np.int64)
    X_idx = np.stack([indices[i : i + seq_length] for i in range(n)])
    return X_idx, indices[seq_length:].copy()


def encode(X_idx, vocab_size, mode):
    """Turn windows of indices into the input of a network, as float32.

    X_idx: shape (n, L), whole numbers.  V = vocab_size.
    mode "one_hot": shape (n, L, V), a 1 at each character's index, zeros elsewhere
    mode "scaled":  shape (n, L, 1), each index divided by V
    Raises ValueError for any other mode, or if an index is outside 0..V-1.
    """
    X_idx = np.asarray(X_idx)
    if X_idx.min() < 0 or X_idx.max() >= vocab_size:
        raise ValueError(f"the indices {X_idx.min()} to {X_idx.max()} are not all in 0..{vocab_size - 1}")
    if mode == "one_hot":
        return np.eye(vocab_size, dtype=np.float32)[X_idx]
    if mode == "scaled":
        return (X_idx / vocab_size).astype(np.float32)[..., np.newaxis]
    raise ValueError(f"mode is {mode!r}, neither 'one_hot' nor 'scaled'")


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    """Build and compile a model: Input, one SimpleRNN layer, one Dense layer with vocab_size softmax outputs.

    features: number of values per time step of the input; None means vocab_size.
    The optimizer is Adam with the given learning rate. The loss is the categorical cross-entropy.
    """
    if features is None:
        features = vocab_size
    model = keras.Sequential(
        [
            keras.Input(shape=(seq_length, features)),
            keras.layers.SimpleRNN(units),
            keras.layers.Dense(vocab_size, activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def generate_text(
    predict,
    start_text,
    length,
    char_to_idx,
    idx_to_char,
    seq_length,
    mode="one_hot",
    temperature=0.0,
    rng=None,
):
    """Return start_text followed by `length` new characters, as one string. length may be 0.

    predict: takes shape (1, L, F), returns shape (1, V), the probabilities of the next
        character. L = seq_length, and F is V in mode "one_hot", 1 in mode "scaled".
        It receives the latest L characters, newest last, with zeros on the left if there are fewer.
    temperature: at 0, take the most probable character. Above 0, draw one with rng,
        a numpy Generator, from p ** (1 / temperature) divided by its sum.
    Raises ValueError if start_text is empty or contains a character that is not in char_to_idx.
    """
    if not start_text:
        raise ValueError("start_text is empty")
    vocab_size = len(char_to_idx)
    indices = [code_of(character, char_to_idx) for character in start_text]
    text = start_text
    for _ in range(length):
        recent = indices[-seq_length:]
        places = range(seq_length - len(recent), seq_length)
        # empty positions have no index, so encode cannot build the window
        if mode == "one_hot":
            window = np.zeros((1, seq_length, vocab_size), dtype=np.float32)
            window[0, places, recent] = 1
        else:
            window = np.zeros((1, seq_length, 1), dtype=np.float32)
            window[0, places, 0] = np.array(recent) / vocab_size
        probabilities = np.asarray(predict(window), dtype=np.float64)[0]
        if temperature == 0:
            index = int(np.argmax(probabilities))
        else:
            # the largest becomes 1, so that a low temperature does not round all of them to 0
            weights = (probabilities / probabilities.max()) ** (1 / temperature)
            index = int(rng.choice(vocab_size, p=weights / weights.sum()))
        indices.append(index)
        text += idx_to_char[index]
    return text


def main():
    """Run the lesson's program: memorize one sentence, then generate text."""
    keras.utils.set_random_seed(7)
    text = "Hello world! This is a simple example of using RNNs for text generation."
    seq_length = 10

    chars, char_to_idx, idx_to_char = build_vocabulary(text)
    X_idx, y_idx = make_char_windows(text, char_to_idx, seq_length)
    X = encode(X_idx, len(chars), mode="one_hot")
    y = keras.utils.to_categorical(y_idx, num_classes=len(chars))
    print(f"{len(text)} characters, {len(chars)} distinct; X {X.shape}, y {y.shape}")

    model = build_rnn_model(seq_length, len(chars), units=128, learning_rate=0.01)
    model.summary()
    history = model.fit(X, y, epochs=100, batch_size=16, verbose=0)
    losses = history.history["loss"]
    print(f"loss after the first epoch {losses[0]:.2f}, after the last {losses[-1]:.5f}")

    def predict(window, verbose=0):
        # model.predict is designed for many inputs at once and is much slower for a single one
        return model.predict_on_batch(window)

    vocabulary = (char_to_idx, idx_to_char, seq_length)
    start = text[:seq_length]
    print("from a full window: ", generate_text(predict, start, len(text) - seq_length, *vocabulary))
    # no training window was partly empty, so do not expect this text to make sense
    print("from a short start: ", generate_text(predict, "Hello", 50, *vocabulary))
    rng = np.random.default_rng(7)
    print("at temperature 1.5: ", generate_text(predict, start, 50, *vocabulary, temperature=1.5, rng=rng))


if __name__ == "__main__":
    main()
