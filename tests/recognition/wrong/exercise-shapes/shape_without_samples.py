# expect: predict_shape=?
# a recurrent layer that returns its states loses the number of samples
import tensorflow as tf
import numpy as np

keras = tf.keras


def build_many_to_one(T, F, units, n_out):
    model = keras.models.Sequential([
        keras.layers.InputLayer(shape=(T, F)),
        keras.layers.SimpleRNN(units, return_sequences=True),
        keras.layers.SimpleRNN(units),
        keras.layers.Dense(n_out)])
    model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    return model


def build_many_to_many(T, F, units, n_out, batch_size=None):
    model = keras.models.Sequential([
        keras.layers.InputLayer(shape=(T, F), batch_size=batch_size),
        keras.layers.SimpleRNN(units, return_sequences=True, stateful=(batch_size != None)),
        keras.layers.Dense(n_out)])
    model.compile(keras.optimizers.Adam(), keras.losses.MeanSquaredError())
    return model


def predict_shape(layers_spec, input_shape):
    out = input_shape
    for l in layers_spec:
        n = l['layer']
        if n not in 'SimpleRNN LSTM GRU Dense Dropout RepeatVector Flatten'.split():
            raise ValueError('Unknown layer %s' % n)
        if n in ('SimpleRNN', 'LSTM', 'GRU'):
            if len(out) != 3:
                raise ValueError('%s expects 3 axes, got %d' % (n, len(out)))
            out = out[1:2] + (l['units'],) if l.get('return_sequences', False) else out[:1] + (l['units'],)
        elif n == 'Dense':
            out = out[:-1] + (l['units'],)
        elif n == 'RepeatVector':
            if len(out) != 2:
                raise ValueError('%s expects 2 axes, got %d' % (n, len(out)))
            out = out[:1] + (l['n'],) + out[1:]
        elif n == 'Flatten' and len(out) == 3:
            out = out[:1] + (None if out[1] is None else out[1] * out[2],)
    return out


def stateful_predict(model, X, chunk):
    if X.ndim != 3:
        raise ValueError('X has %d axes' % X.ndim)
    if chunk < 1:
        raise ValueError('chunk = %d' % chunk)
    B, T, F = X.shape
    for layer in model.layers:
        if 'reset_state' in dir(layer):
            layer.reset_state()
    Y = None
    for t in range(0, T, chunk):
        y = model.predict(X[:, t:t+chunk, :])
        if Y is None:
            Y = np.zeros((B, T, y.shape[2]), dtype=y.dtype)
        Y[:, t:t+chunk, :] = y
    return Y
