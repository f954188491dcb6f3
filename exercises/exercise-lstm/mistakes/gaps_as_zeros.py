"""The predictions are padded with zeros to the length of the series."""

import matplotlib.pyplot as plt
import numpy as np


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train, n_test = len(train_predictions), len(test_predictions)
    figure, axes = plt.subplots()
    middle = seq_length + n_train
    train, test = np.zeros(len(data)), np.zeros(len(data))
    train[seq_length:middle] = np.ravel(train_predictions)
    test[middle : middle + n_test] = np.ravel(test_predictions)
    axes.plot(times, data, label="series")
    axes.plot(times, train, label="train")
    axes.plot(times, test, label="test")
    axes.legend()
    return figure
