# expect: generate_text=?, encode=?
# relation: encode=returned
import collections
import itertools
import keras
import numpy as np


def build_vocabulary(text):
    counts = collections.Counter(text)
    if not counts:
        raise ValueError('text=%r has no characters' % text)
    chars = sorted(counts)
    return (chars, dict(zip(chars, itertools.count())), dict(zip(itertools.count(), chars)))


def make_char_windows(text, char_to_idx, seq_length):
    missing = [c for c in text if c not in char_to_idx]
    if seq_length < 1:
        raise ValueError('seq_length=%d' % seq_length)
    if seq_length >= len(text):
        raise ValueError('seq_length=%d, len(text)=%d' % (seq_length, len(text)))
    if missing:
        raise ValueError('no index for %r' % missing[0])
    queue = collections.deque(maxlen=seq_length)
    windows, targets = ([], [])
    for index in (char_to_idx[c] for c in text):
        if len(queue) == seq_length:
            windows.append(list(queue))
            targets.append(index)
        queue.append(index)
    return (np.array(windows, np.int64), np.array(targets, np.int64))


def encode(X_idx, vocab_size, mode):
    if not ((0 <= X_idx) & (X_idx <= vocab_size)).all():
        raise ValueError('X_idx from %d to %d, vocab_size=%d' % (X_idx.min(), X_idx.max(), vocab_size))
    if mode == 'one_hot':
        flat = np.zeros((X_idx.size, vocab_size + 1), np.float32)
        flat[np.arange(X_idx.size), X_idx.reshape(-1)] = 1
        flat = flat[:, :vocab_size]
        return flat.reshape(X_idx.shape + (vocab_size,))
    if mode == 'scaled':
        return np.float32(X_idx / vocab_size).reshape(X_idx.shape + (1,))
    raise ValueError('mode=%r' % (mode,))


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    model = keras.Sequential(name='chars')
    for layer in (keras.Input(shape=(seq_length, {None: vocab_size}.get(features, features))), keras.layers.SimpleRNN(units), keras.layers.Dense(vocab_size, activation='softmax')):
        model.add(layer)
    model.compile(keras.optimizers.Adam(learning_rate), loss=keras.losses.CategoricalCrossentropy())
    return model


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length, mode='one_hot', temperature=0.0, rng=None):
    if len(start_text) < 1:
        raise ValueError('start_text=%r' % start_text)
    for c in start_text:
        if c not in char_to_idx:
            raise ValueError('no index for %r' % c)
    size = len(char_to_idx)

    def characters():
        newest = collections.deque((char_to_idx[c] for c in start_text), maxlen=seq_length)
        while True:
            x = encode(np.array([newest]), size, mode)
            empty = np.zeros((1, seq_length - len(newest), x.shape[-1]), np.float32)
            p = np.float64(predict(np.hstack([empty, x])))[0]
            if temperature > 0:
                q = (p / max(p)) ** (1 / temperature)
                index = int(np.random.choice(size, p=q / sum(q)))
            else:
                index = int(p.argmax())
            newest.append(index)
            yield idx_to_char[index]
    return start_text + ''.join(itertools.islice(characters(), length))
