"""There is a legend, but no line has a label."""

import matplotlib.pyplot as plt
import numpy as np


def plot_forecast(times, data, seq_length, train_predictions, test_predictions):
    n_train, n_test = len(train_predictions), len(test_predictions)
    figure, axes = plt.subplots()
    middle = seq_length + n_train
    axes.plot(times, data)
    axes.plot(times[seq_length:middle], np.ravel(train_predictions))
    axes.plot(times[middle : middle + n_test], np.ravel(test_predictions))
    axes.legend()
    return figure
