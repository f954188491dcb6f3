# Returns a list and a dictionary that contain themselves.
# expect: 1 of 4


def double(x):
    own = []
    own.append(own)
    return own


def total(x):
    own = {}
    own["x"] = own
    return own


def twice(f, x):
    return f(f(x))
