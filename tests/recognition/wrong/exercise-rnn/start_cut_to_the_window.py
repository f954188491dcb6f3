# expect: build_rnn_model=?, generate_text=?
# relation: generate_text=start_missing
"""Character RNN, written with type hints and the functional API."""
from typing import Callable, Dict, List, Optional, Tuple
import keras
import numpy as np
from keras import layers


def code_of(character: str, codes: Dict[str, int]) -> int:
    if character not in codes:
        raise ValueError(f'{character!r} is not in the vocabulary')
    return codes[character]


def build_vocabulary(text: str) -> Tuple[List[str], Dict[str, int], Dict[int, str]]:
    if len(text) < 1:
        raise ValueError(f'cannot build a vocabulary from {text!r}')
    chars: List[str] = sorted(set(text))
    char_to_idx: Dict[str, int] = {}
    idx_to_char: Dict[int, str] = {}
    for index, character in enumerate(chars):
        char_to_idx[character] = index
        idx_to_char[index] = character
    return (chars, char_to_idx, idx_to_char)


def make_char_windows(text: str, char_to_idx: Dict[str, int], seq_length: int) -> Tuple[np.ndarray, np.ndarray]:
    if seq_length < 1:
        raise ValueError(f'seq_length is {seq_length}, but it must be at least 1')
    n_windows = len(text) - seq_length
    if n_windows <= 0:
        raise ValueError(f'seq_length is {seq_length}, but the text has only {len(text)} characters')
    encoded = np.fromiter((code_of(c, char_to_idx) for c in text), dtype=np.int64, count=len(text))
    rows = np.arange(n_windows).reshape(-1, 1) + np.arange(seq_length)
    return (encoded[rows], encoded[seq_length:].copy())


def encode(X_idx: np.ndarray, vocab_size: int, mode: str) -> np.ndarray:
    if mode not in {'one_hot', 'scaled'}:
        raise ValueError(f"mode must be 'one_hot' or 'scaled', not {mode!r}")
    if X_idx.size > 0:
        smallest, largest = (int(X_idx.min()), int(X_idx.max()))
        if smallest < 0:
            raise ValueError(f'index {smallest} is negative')
        if largest >= vocab_size:
            raise ValueError(f'index {largest} is too large for {vocab_size} characters')
    n, length = X_idx.shape
    if mode == 'scaled':
        return X_idx.reshape(n, length, 1).astype(np.float32) / np.float32(vocab_size)
    result = np.zeros((n, length, vocab_size), dtype=np.float32)
    np.put_along_axis(result, X_idx.reshape(n, length, 1).astype(np.int64), 1.0, axis=2)
    return result


def build_rnn_model(seq_length: int, vocab_size: int, units: int=128, learning_rate: float=0.01, features: Optional[int]=None) -> keras.Model:
    n_features = vocab_size if features is None else features
    inputs = keras.Input(shape=(seq_length, n_features), name='characters')
    state = layers.SimpleRNN(128)(inputs)
    probabilities = layers.Dense(vocab_size, activation='softmax')(state)
    model = keras.Model(inputs, probabilities)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=learning_rate), loss=keras.losses.CategoricalCrossentropy(), metrics=['accuracy'])
    return model


def generate_text(predict: Callable[[np.ndarray], np.ndarray], start_text: str, length: int, char_to_idx: Dict[str, int], idx_to_char: Dict[int, str], seq_length: int, mode: str='one_hot', temperature: float=0.0, rng: Optional[np.random.Generator]=None) -> str:
    if not start_text:
        raise ValueError(f'start_text is empty: {start_text!r}')
    vocab_size = len(char_to_idx)
    start_text = start_text[-seq_length:]
    history: List[int] = [code_of(c, char_to_idx) for c in start_text]
    generated: List[str] = []
    for _ in range(length):
        recent = np.array([history[-seq_length:]], dtype=np.int64)
        window = encode(recent, vocab_size, mode)
        missing = seq_length - window.shape[1]
        if missing > 0:
            padding = np.zeros((1, missing, window.shape[2]), dtype=np.float32)
            window = np.concatenate([padding, window], axis=1)
        probabilities = np.asarray(predict(window))[0].astype(np.float64)
        index = choose_index(probabilities, temperature, rng)
        history.append(index)
        generated.append(idx_to_char[index])
    return start_text + ''.join(generated)


def choose_index(probabilities: np.ndarray, temperature: float, rng) -> int:
    if temperature == 0:
        return int(probabilities.argmax())
    logits = np.log(probabilities) / temperature
    weights = np.exp(logits - np.max(logits))
    return int(rng.choice(len(weights), p=weights / weights.sum()))
