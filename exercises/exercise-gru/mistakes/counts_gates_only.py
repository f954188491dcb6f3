"""Only the gates of the LSTM and the GRU are counted, without the candidate."""


def count_params(kind, units, n_features, reset_after=True):
    gates = {"rnn": 1, "lstm": 3, "gru": 2}
    if kind not in gates:
        raise ValueError(f"kind is {kind!r}, not one of {', '.join(gates)}")
    biases = 2 if kind == "gru" and reset_after else 1
    return gates[kind] * units * (units + n_features + biases)
