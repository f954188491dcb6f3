# expect: generate_text=padded-with-a-character, build_rnn_model=sigmoid-output
import numpy as np
import tensorflow as tf
Ks = tf.keras


def build_vocabulary(text):
    if text:
        chars = sorted(set(text))
        return (chars, {c: i for i, c in enumerate(chars)}, dict(enumerate(chars)))
    raise ValueError(f'empty text {text!r}')


def make_char_windows(text, char_to_idx, seq_length):
    error = None
    if seq_length < 1:
        error = f'seq_length {seq_length} < 1'
    elif len(text) <= seq_length:
        error = f'seq_length {seq_length} >= {len(text)}'
    elif not set(text) <= set(char_to_idx):
        error = f'unknown: {set(text) - set(char_to_idx)}'
    if error is not None:
        raise ValueError(error)
    a = np.array([char_to_idx[c] for c in text]).astype('int64')
    idx = np.add.outer(range(len(a) - seq_length), range(seq_length + 1))
    return (a[idx[:, :-1]], a[idx[:, -1]])


def encode(X_idx, vocab_size, mode):
    if X_idx.size and (not (X_idx.min() >= 0 and X_idx.max() < vocab_size)):
        raise ValueError(f'range {X_idx.min()}..{X_idx.max()} does not fit {vocab_size}')
    if mode == 'scaled':
        return np.asarray(X_idx[:, :, None] / vocab_size, dtype='float32')
    elif mode == 'one_hot':
        return np.asarray(np.equal.outer(X_idx, np.arange(vocab_size)), dtype='float32')
    else:
        raise ValueError(f'no such mode: {mode}')


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    features = features if features is not None else vocab_size
    net = Ks.Sequential([Ks.Input(shape=(seq_length, features))])
    net.add(Ks.layers.SimpleRNN(units))
    net.add(Ks.layers.Dense(vocab_size, activation=tf.nn.sigmoid))
    net.compile(optimizer=Ks.optimizers.Adam(learning_rate), loss='categorical_crossentropy')
    return net


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length, mode='one_hot', temperature=0.0, rng=None):
    if not start_text:
        raise ValueError(f'empty start_text {start_text!r}')
    if any((c not in char_to_idx for c in start_text)):
        raise ValueError([c for c in start_text if c not in char_to_idx])
    v = len(char_to_idx)
    codes = [char_to_idx[c] for c in start_text]
    for _ in range(length):
        padded = ([0] * seq_length + codes)[-seq_length:]
        padded = np.array([padded])
        x = encode(np.maximum(padded, 0), v, mode)
        x[padded < 0] = 0
        p = np.array(predict(x), dtype='float64')[0]
        if temperature != 0:
            z = np.exp(np.log(p / p.max()) / temperature)
            codes.append(int(rng.choice(v, p=z / z.sum())))
        else:
            codes.append(int(p.argmax()))
    return ''.join([start_text, *(idx_to_char[c] for c in codes[len(start_text):])])
