# expect: make_char_windows=last-window-lost, generate_text=?
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import Dense, SimpleRNN
from tensorflow.keras.optimizers import Adam


def build_vocabulary(text):
    if text is None or len(text) == 0:
        raise ValueError(f'text is empty: {text!r}')
    zeichen = sorted(list(set(text)))
    nach_index = {c: i for i, c in enumerate(zeichen)}
    nach_zeichen = {i: c for c, i in nach_index.items()}
    return (zeichen, nach_index, nach_zeichen)


def make_char_windows(text, char_to_idx, seq_length):
    if seq_length < 1:
        raise ValueError(f'seq_length={seq_length} is less than 1')
    anzahl = len(text) - seq_length
    if anzahl < 1:
        raise ValueError(f'seq_length={seq_length} is too long for {len(text)} characters')
    for place, c in enumerate(text):
        if c not in char_to_idx:
            raise ValueError(f'unknown character {c!r} at {place}')
    indizes = tf.constant([char_to_idx[c] for c in text], dtype=tf.int64)
    fenster = tf.signal.frame(indizes, seq_length, 1)
    return (fenster[:anzahl - 1].numpy(), indizes[seq_length:-1].numpy())


def encode(X_idx, vocab_size, mode):
    if mode not in ('one_hot', 'scaled'):
        raise ValueError(f'unknown mode {mode!r}')
    wrong = [int(i) for i in np.ravel(X_idx) if i < 0 or i >= vocab_size]
    if wrong:
        raise ValueError(f'Index {wrong[0]} is not between 0 and {vocab_size - 1}')
    if mode == 'one_hot':
        return tf.one_hot(X_idx, vocab_size, dtype=tf.float32).numpy()
    return tf.expand_dims(tf.cast(X_idx, tf.float32) / float(vocab_size), -1).numpy()


def build_rnn_model(seq_length, vocab_size, units=128, learning_rate=0.01, features=None):
    merkmale = features
    if merkmale is None:
        merkmale = vocab_size
    modell = keras.Sequential()
    modell.add(keras.Input(shape=(seq_length, merkmale)))
    modell.add(SimpleRNN(units, activation='tanh'))
    modell.add(Dense(vocab_size, activation='softmax'))
    modell.compile(optimizer=Adam(learning_rate=learning_rate), loss='categorical_crossentropy', metrics=['accuracy'])
    return modell


def generate_text(predict, start_text, length, char_to_idx, idx_to_char, seq_length, mode='one_hot', temperature=0.0, rng=None):
    if not start_text:
        raise ValueError(f'start_text is empty: {start_text!r}')
    for c in start_text:
        if c not in char_to_idx:
            raise ValueError(f'unknown character {c!r}')
    size = len(char_to_idx)
    width = size if mode == 'one_hot' else 1
    indices = [char_to_idx[c] for c in start_text]
    for _ in range(length):
        latest = indices[-seq_length:]
        window = np.concatenate([np.zeros((1, seq_length - len(latest), width), dtype=np.float32), encode(np.array([latest]), size, mode)], axis=1)
        p = np.array(predict(window), dtype=np.float64).reshape(-1)
        if temperature >= 1:
            logits = np.log(p) / temperature
            q = np.exp(logits - logits.max())
            limits = np.cumsum(q / q.sum())
            new = min(int(np.searchsorted(limits, rng.random(), side='right')), size - 1)
        else:
            new = int(np.argmax(p))
        indices.append(new)
    return start_text + ''.join([idx_to_char[i] for i in indices[len(start_text):]])
