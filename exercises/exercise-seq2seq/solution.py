"""Writing words backward with an encoder and a decoder: the reference solution."""

import keras
import numpy as np

LETTERS = "abcdefgh"
START, END = len(LETTERS), len(LETTERS) + 1  # two symbols that are not letters


def teacher_forcing(target_idx, start_id):
    """Return the decoder's inputs and targets for training: the same symbols, one step apart.

    target_idx: shape (n, T), each row with its end symbol.  Returns (dec_in, dec_out), both (n, T), int64:
        dec_in: at each step the right symbol of the step before; start_id at the first step
        dec_out: at each step the symbol to predict
    Raises ValueError if target_idx does not have two dimensions or contains start_id.
    """
    if target_idx.ndim != 2:
        raise ValueError(f"target_idx should have two dimensions, not {target_idx.ndim}")
    if (target_idx == start_id).any():
        raise ValueError(f"target_idx contains the start symbol {start_id}")
    dec_out = target_idx.astype(np.int64)
    dec_in = np.full_like(dec_out, start_id)
    dec_in[:, 1:] = dec_out[:, :-1]
    return dec_in, dec_out


def build_seq2seq(src_vocab, tgt_vocab, units=64, learning_rate=0.01):
    """Build and compile an LSTM encoder and an LSTM decoder as one model with two inputs.

    Inputs: [source (None, src_vocab), decoder's input (None, tgt_vocab)], one-hot.
    The decoder starts from the encoder's two last states. Output: softmax over tgt_vocab at every step.
    The optimizer is Adam with the given rate. The loss is sparse_categorical_crossentropy.
    """
    source = keras.Input(shape=(None, src_vocab))
    target = keras.Input(shape=(None, tgt_vocab))
    _, h, c = keras.layers.LSTM(units, return_state=True)(source)
    outputs = keras.layers.LSTM(units, return_sequences=True)(target, initial_state=[h, c])
    probabilities = keras.layers.Dense(tgt_vocab, activation="softmax")(outputs)
    model = keras.Model([source, target], probabilities)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy")
    return model


def greedy_decode(step, state, start_id, end_id, max_len):
    """Generate a sequence with a trained decoder, taking the most probable symbol at each step.

    step: takes (symbol, state), returns (probabilities (V,), new_state).  state: the encoder's last state.
    Returns a list of at most max_len indices, without start_id and end_id.
    Raises ValueError if max_len is less than 1.
    """
    if max_len < 1:
        raise ValueError(f"max_len is {max_len}, below 1")
    symbols = []
    symbol = start_id
    while len(symbols) < max_len:
        probabilities, state = step(symbol, state)
        symbol = int(np.argmax(probabilities))
        if symbol == end_id:
            break
        symbols.append(symbol)
    return symbols


def one_hot(indices, size):
    """Turn indices (…) into one-hot vectors (…, size). An index of -1 becomes a row of zeros."""
    return (np.asarray(indices)[..., np.newaxis] == np.arange(size)).astype(np.float32)


def source_of(words, length):
    """Return the letters of words as indices (n, length), padded with -1 on the left."""
    return np.array([[-1] * (length - len(w)) + [LETTERS.index(c) for c in w] for w in words])


def reversed_of(words, length):
    """Return the letters of the reversed words as indices (n, length), filled with END at the end."""
    return np.array([[LETTERS.index(c) for c in w[::-1]] + [END] * (length - len(w)) for w in words])


def main():
    """Train a network to write words backward, then let it write words that it has never read."""
    keras.utils.set_random_seed(11)
    rng = np.random.default_rng(11)
    words = {"".join(rng.choice(list(LETTERS), size=rng.integers(2, 6))) for _ in range(4000)}
    unseen = ["bag", "bead", "cafe", "face", "cage", "head", "fade", "badge", "beach"]
    words = sorted(words - set(unseen))

    source, target = source_of(words, 5), reversed_of(words, 6)
    dec_in, dec_out = teacher_forcing(target, START)
    model = build_seq2seq(len(LETTERS), len(LETTERS) + 2)
    encoder, decoder = (layer for layer in model.layers if isinstance(layer, keras.layers.LSTM))
    after = model.layers[model.layers.index(decoder) + 1 :]

    def step(symbol, state):
        """Run the decoder for a single step: its cell, then the layers after it."""
        output, state = decoder.cell(one_hot([symbol], END + 1), state)
        output = output[:, np.newaxis]
        for layer in after:
            output = layer(output)
        return np.asarray(output)[0, 0], state

    def write(word):
        _, h, c = encoder(one_hot(source_of([word], len(word)), len(LETTERS)))
        symbols = greedy_decode(step, [h, c], START, END, max_len=10)
        return "".join(LETTERS[i] if i < len(LETTERS) else "?" for i in symbols)

    print(f"before training: {unseen[-1]} -> {write(unseen[-1])}")
    inputs = [one_hot(source, len(LETTERS)), one_hot(dec_in, END + 1)]
    model.fit(inputs, dec_out, epochs=12, batch_size=64, verbose=2)

    print(f"trained on {len(words)} words of 2 to 5 letters; these are not among them:")
    for word in unseen:
        print(f"  {word} -> {write(word)}{'' if write(word) == word[::-1] else '  (wrong)'}")
    print("longer words than in training:")
    for word in ("facade", "cabbage"):
        print(f"  {word} -> {write(word)}{'' if write(word) == word[::-1] else '  (wrong)'}")


if __name__ == "__main__":
    main()
