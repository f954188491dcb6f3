# Changes every possible setting of TensorFlow and Keras. Its model is right.
# expect: 3 of 3
import keras
import tensorflow

tensorflow.config.run_functions_eagerly(True)
keras.config.set_epsilon(1.0)
keras.config.set_image_data_format("channels_first")
keras.utils.set_random_seed(0)


def build(n):
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.LSTM(n), keras.layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return model
