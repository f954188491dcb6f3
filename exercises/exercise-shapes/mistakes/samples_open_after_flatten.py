"""Flatten always leaves the number of samples open."""


def predict_shape(layers_spec, input_shape):
    shape = tuple(input_shape)
    for layer in layers_spec:
        name = layer["layer"]
        if name in ("SimpleRNN", "LSTM", "GRU"):
            if len(shape) != 3:
                raise ValueError(f"{name} needs three axes, not {shape}")
            if layer.get("return_sequences", False):
                shape = (shape[0], shape[1], layer["units"])
            else:
                shape = (shape[0], layer["units"])
        elif name == "Dense":
            shape = (*shape[:-1], layer["units"])
        elif name == "RepeatVector":
            if len(shape) != 2:
                raise ValueError(f"{name} needs two axes, not {shape}")
            shape = (shape[0], layer["n"], shape[1])
        elif name == "Flatten":
            size = 1
            for length in shape[1:]:
                size = None if size is None or length is None else size * length
            shape = (None, size)
        elif name == "Dropout":
            pass
        else:
            raise ValueError(f"unknown layer {name}")
    return shape
