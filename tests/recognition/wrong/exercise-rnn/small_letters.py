# expect: build_vocabulary=lowercased
import keras
import numpy as np
text_demo = "banana"


def build_vocabulary(text):
    if not len(text):
        raise ValueError('empty text: ""')
    chars = list(dict.fromkeys(sorted(text.lower())))
    char_to_idx = {chars[k]: k for k in range(len(chars))}
    idx_to_char = dict(enumerate(chars))
    return chars, char_to_idx, idx_to_char


def make_char_windows(text, char_to_idx, seq_length):
    L = seq_length
    if L < 1:
        raise ValueError(f'bad seq_length: {L}')
    if L >= len(text):
        raise ValueError(f'bad seq_length: {L} for {len(text)} characters')
    unknown = set(text) - set(char_to_idx)
    if unknown:
        raise ValueError(f'unknown characters: {sorted(unknown)}')
    X, y = [], []
    for i in range(len(text) - L):
        X.append([char_to_idx[c] for c in text[i:i + L]])
        y.append(char_to_idx[text[i + L]])
    return np.array(X, dtype='int64'), np.array(y, dtype='int64')


def encode(X_idx, vocab_size, mode):
    if np.any(X_idx < 0) or np.any(X_idx >= vocab_size):
        raise ValueError(f'index out of range 0..{vocab_size - 1}: {X_idx[(X_idx < 0) | (X_idx >= vocab_size)]}')
    if mode == 'one_hot':
        one_hot = keras.utils.to_categorical(X_idx, num_classes=vocab_size)
        # to_categorical drops a last axis of length 1, so set the shape
        return one_hot.reshape(X_idx.shape + (vocab_size,)).astype('float32')
    elif mode == 'scaled':
        return np.expand_dims(X_idx.astype('float32') / vocab_size, axis=2)
    raise ValueError(f'bad mode: {mode}')


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(seq_length, features or vocab_size)))
    model.add(keras.layers.SimpleRNN(units))
    model.add(keras.layers.Dense(vocab_size, activation='softmax'))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
                  loss='categorical_crossentropy', metrics=['accuracy'])
    return model


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length,
                  mode='one_hot', temperature=0.0, rng=None):
    if not start_text:
        raise ValueError('start_text is empty ("")')
    unknown = [c for c in start_text if c not in char_to_idx]
    if unknown:
        raise ValueError(f'unknown characters: {unknown}')
    V = len(char_to_idx)
    F = V if mode == 'one_hot' else 1
    # start with an empty window and push the characters in from the right
    window = np.zeros((1, seq_length, F), dtype='float32')

    def push(window, idx):
        new = encode(np.array([[idx]]), V, mode)
        return np.concatenate([window[:, 1:], new], axis=1)

    for c in start_text:
        window = push(window, char_to_idx[c])
    result = start_text
    for _ in range(length):
        p = np.asarray(predict(window), dtype='float64').ravel()
        if temperature == 0:
            k = int(np.argmax(p))
        else:
            q = (p / p.max()) ** (1 / temperature)
            q /= q.sum()
            k = int(rng.choice(V, p=q))
        result += idx_to_char[k]
        window = push(window, k)
    return result
