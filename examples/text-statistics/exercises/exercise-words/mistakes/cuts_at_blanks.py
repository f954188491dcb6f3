"""Whatever stands between two blanks is a word."""


def words(text):
    return text.lower().split()
