"""The training predictions start at the first time; the test predictions end at the last time."""

import matplotlib.pyplot as plt
import numpy as np


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train, n_test = len(train_predictions), len(test_predictions)
    figure, axes = plt.subplots()
    axes.plot(times, data, label="series")
    axes.plot(times[:n_train], np.ravel(train_predictions), label="train")
    axes.plot(times[-n_test:], np.ravel(test_predictions), label="test")
    axes.legend()
    return figure
