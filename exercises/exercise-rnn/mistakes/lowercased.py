"""Capital letters are made small, so they have no index."""


def build_vocabulary(text):
    if not text:
        raise ValueError("text is empty")
    chars = sorted(set(text.lower()))
    char_to_idx = {character: index for index, character in enumerate(chars)}
    idx_to_char = dict(enumerate(chars))
    return chars, char_to_idx, idx_to_char
