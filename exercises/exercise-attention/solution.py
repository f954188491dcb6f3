"""Attention: who looks at what. The reference solution."""

import keras
import matplotlib.pyplot as plt
import numpy as np


def attention(q, k, v, mask=None, scale=True):
    """Compute dot-product attention.

    q: shape (B, Tq, d).  k: shape (B, Tk, d).  v: shape (B, Tk, dv).
    mask: None, or a boolean array of shape (B, Tq, Tk). True means: this query may look at this key.
    scale: if True, every score is divided by the square root of d.
    Returns (out, weights):
        out: shape (B, Tq, dv), one weighted average of the values per query
        weights: shape (B, Tq, Tk), which add up to 1 over the keys
    Raises ValueError if q, k or v does not have three axes, if their sizes do not fit together, if
    the mask has another shape, or if it leaves a query without any key.
    """
    for name, array in (("q", q), ("k", k), ("v", v)):
        if array.ndim != 3:
            raise ValueError(f"{name} should have three axes, not {array.ndim}")
    if q.shape[0] != k.shape[0] or q.shape[2] != k.shape[2]:
        raise ValueError(f"q of shape {q.shape} does not fit k of shape {k.shape}")
    if k.shape[:2] != v.shape[:2]:
        raise ValueError(f"k of shape {k.shape} does not fit v of shape {v.shape}")
    scores = q @ k.transpose(0, 2, 1)
    if scale:
        scores = scores / np.sqrt(q.shape[2])
    if mask is not None:
        if mask.shape != scores.shape:
            raise ValueError(f"mask should have shape {scores.shape}, not {mask.shape}")
        if not mask.any(axis=2).all():
            raise ValueError(f"mask allows {mask.sum(axis=2).min()} keys for one of the queries")
        scores = np.where(mask, scores, -np.inf)
    exponentials = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights = exponentials / exponentials.sum(axis=2, keepdims=True)
    return weights @ v, weights


def build_attention_model(seq_length, units=16, n_features=1, n_out=1, learning_rate=1e-3):
    """Build and compile a model: Input, LSTM over all steps, self-attention, average over the steps, Dense.

    The LSTM returns its states at all steps. The Attention layer, with Keras's defaults, takes these
    states as queries and as values. Dense has n_out linear outputs. The optimizer is Adam with the
    given learning rate. The loss is the mean squared error.
    """
    inputs = keras.Input(shape=(seq_length, n_features))
    states = keras.layers.LSTM(units, return_sequences=True)(inputs)
    looked_up = keras.layers.Attention()([states, states])
    average = keras.layers.GlobalAveragePooling1D()(looked_up)
    outputs = keras.layers.Dense(n_out)(average)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate), loss="mse")
    return model


# For each word: what it asks for, and what it offers. The columns stand for noun, verb and other.
WORDS = {
    "the": ([3, 0, 0], [0, 0, 2]),
    "cat": ([0, 3, 0], [3, 0, 0]),
    "chased": ([3, 0, 0], [0, 3, 0]),
    "mouse": ([0, 3, 0], [3, 0, 0]),
    "because": ([0, 3, 0], [0, 0, 2]),
    "it": ([3, 0, 0], [1, 0, 0]),
    "was": ([3, 0, 0], [0, 2, 0]),
    "hungry": ([3, 0, 0], [0, 0, 2]),
}


def draw(weights, words, axes, title):
    """Draw attention weights of shape (Tq, Tk) as a heat map: a row per query, a column per key."""
    axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    for i, row in enumerate(weights):
        for j, weight in enumerate(row):
            color = "white" if weight > 0.5 else "black"
            axes.text(j, i, f"{weight:.2f}", ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(words)), words, rotation=45)
    axes.set_yticks(range(len(words)), words)
    axes.set(title=title, xlabel="keys", ylabel="queries")


def marked_values(n, seq_length, rng):
    """Return sequences of (value, marker) pairs, and the value at the one marked step of each."""
    X = np.zeros((n, seq_length, 2))
    X[:, :, 0] = rng.uniform(-1, 1, size=(n, seq_length))
    marked = rng.integers(seq_length, size=n)
    X[np.arange(n), marked, 1] = 1
    return X, X[np.arange(n), marked, 0]


def main():
    """Draw who looks at whom in a sentence. Then train a network that has to find a marked value."""
    words = "the cat chased the mouse because it was hungry".split()
    q, k = (np.array([[WORDS[word][part] for word in words]], dtype=float) for part in (0, 1))
    earlier = np.tril(np.ones((1, len(words), len(words)), dtype=bool))  # no word sees a later one
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 6.5), layout="constrained")
    draw(attention(q, k, k)[1][0], words, left, "every word may look at every word")
    draw(attention(q, k, k, mask=earlier)[1][0], words, right, "no word may look at later words")
    figure.savefig("exercise_attention.png")
    plt.close(figure)
    print("plot saved as exercise_attention.png")

    keras.utils.set_random_seed(12)
    rng = np.random.default_rng(12)
    X_train, y_train = marked_values(1000, 10, rng)
    X_test, y_test = marked_values(300, 10, rng)
    model = build_attention_model(10, n_features=2, learning_rate=0.01)
    model.fit(X_train, y_train, epochs=30, batch_size=32, validation_split=0.2, verbose=2)
    print(f"test MSE, predicting the mean: {np.mean((y_test - y_train.mean()) ** 2):.2e}")
    print(f"test MSE, with attention:      {model.evaluate(X_test, y_test, verbose=0):.2e}")


if __name__ == "__main__":
    main()
