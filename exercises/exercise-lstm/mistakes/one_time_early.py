"""Each prediction is drawn at the last time of its window instead of the time that it predicts."""

import matplotlib.pyplot as plt
import numpy as np


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train, n_test = len(train_predictions), len(test_predictions)
    figure, axes = plt.subplots()
    axes.plot(times, data, label="series")
    start = seq_length - 1
    middle = start + n_train
    axes.plot(times[start:middle], np.ravel(train_predictions), label="train")
    axes.plot(times[middle : middle + n_test], np.ravel(test_predictions), label="test")
    axes.legend()
    return figure
