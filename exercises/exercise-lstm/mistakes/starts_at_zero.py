"""The predictions start at the first time of the series."""

import matplotlib.pyplot as plt
import numpy as np


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train, n_test = len(train_predictions), len(test_predictions)
    figure, axes = plt.subplots()
    axes.plot(times, data, label="series")
    axes.plot(times[:n_train], np.ravel(train_predictions), label="train")
    axes.plot(times[n_train : n_train + n_test], np.ravel(test_predictions), label="test")
    axes.legend()
    return figure
