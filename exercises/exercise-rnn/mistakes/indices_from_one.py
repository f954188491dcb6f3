"""The indices start at 1."""


def build_vocabulary(text):
    if not text:
        raise ValueError("text is empty")
    chars = sorted(set(text))
    char_to_idx = {character: index for index, character in enumerate(chars, start=1)}
    idx_to_char = {index: character for character, index in char_to_idx.items()}
    return chars, char_to_idx, idx_to_char
