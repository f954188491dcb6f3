import keras
import numpy as np

# recursive version


def build_vocabulary(text):
    if not text:
        raise ValueError(f"empty: {text!r}")

    def unique(s):
        return s[:1] + unique([c for c in s[1:] if c != s[0]]) if s else []

    chars = sorted(unique(list(text)))
    idx_to_char = dict(enumerate(chars))
    return chars, {c: i for i, c in idx_to_char.items()}, idx_to_char


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1 or len(text) - seq_length < 1:
        raise ValueError(f"seq_length={seq_length} does not work for a text of {len(text)} characters")
    try:
        codes = np.array(list(map(char_to_idx.__getitem__, text)), dtype=np.int64)
    except KeyError as error:
        raise ValueError(f"unknown character {error}") from None
    shifted = [codes[i : i - seq_length] for i in range(seq_length)]
    return np.array(list(zip(*shifted)), dtype=np.int64), codes[seq_length:].copy()


def encode(X_idx, vocab_size, mode):
    if mode != "one_hot" and mode != "scaled":
        raise ValueError(f"mode {mode!r}")
    bad = np.logical_or(X_idx < 0, X_idx > vocab_size - 1)
    if bad.any():
        raise ValueError(f"indices {X_idx[bad]} are not in 0..{vocab_size - 1}")
    table = np.arange(vocab_size, dtype=np.float32)[:, None] / vocab_size
    if mode == "one_hot":
        table = np.diag(np.ones(vocab_size, dtype=np.float32))
    return table[X_idx].astype(np.float32)


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    x = inp = keras.Input((seq_length, vocab_size if features is None else features))
    x = keras.layers.SimpleRNN(units)(x)
    x = keras.layers.Dense(vocab_size, activation="softmax")(x)
    net = keras.Model(inp, x)
    net.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss="categorical_crossentropy")
    return net


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length,
                  mode="one_hot", temperature=0.0, rng=None):
    if start_text == "":
        raise ValueError("start_text = ''")
    unknown = "".join(c for c in start_text if c not in char_to_idx)
    if unknown:
        raise ValueError(f"unknown: {unknown}")
    size = len(char_to_idx)

    def pick(p):
        if not temperature:
            return p.argmax()
        # Gumbel trick: the argmax of log(p) / T + noise is a draw from p ** (1 / T)
        return np.argmax(np.log(p) / temperature + rng.gumbel(size=p.size))

    def window(text):
        codes = np.array([[char_to_idx[c] for c in text[-seq_length:]]])
        x = encode(codes, size, mode)
        return np.pad(x, [(0, 0), (seq_length - x.shape[1], 0), (0, 0)])

    # a loop and not recursion here: texts can be longer than the recursion limit
    text = start_text
    for _ in range(length):
        text += idx_to_char[int(pick(np.asarray(predict(window(text)), dtype=np.float64)[0]))]
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
