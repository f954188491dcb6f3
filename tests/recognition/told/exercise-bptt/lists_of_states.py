# expect: rnn_forward is a list
import numpy as np


def rnn_forward(X, Wx, Wh, b):
    states = [[0.0] * len(b)]
    for x in X:
        h = np.array(states[-1])
        states.append(list(np.tanh(np.dot(x, Wx) + np.dot(h, Wh) + b)))
    return states
