// The forward pass of a chain of Keras layers, one time step after another.
//
// A layer is {kind, options, weights, inner}: `weights` are {shape, values}, in the order of Keras's
// `get_weights`, and `inner` is the layer that a wrapper wraps. All arithmetic is in float64.
// Vectors are Float64Arrays; a sequence is an array of vectors.

const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

const ERFC = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
  1.48851587, -0.82215223, 0.17087277];
/** The error function, to 1.2e-7 (Numerical Recipes' erfc). */
function erf(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const rest = t * Math.exp(-x * x + ERFC.reduceRight((sum, term) => sum * t + term, 0));
  return x >= 0 ? 1 - rest : rest - 1;
}

const SELU = [1.0507009873554805, 1.6732632423543772];
const ONE_BY_ONE = {
  linear: (x) => x,
  tanh: Math.tanh,
  sigmoid,
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leaky_relu: (x) => (x >= 0 ? x : 0.2 * x),
  hard_sigmoid: (x) => Math.min(Math.max(x / 6 + 0.5, 0), 1),
  softplus,
  softsign: (x) => x / (1 + Math.abs(x)),
  elu: (x) => (x >= 0 ? x : Math.expm1(x)),
  selu: (x) => SELU[0] * (x >= 0 ? x : SELU[1] * Math.expm1(x)),
  exponential: Math.exp,
  silu: (x) => x * sigmoid(x),
  swish: (x) => x * sigmoid(x),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  mish: (x) => x * Math.tanh(softplus(x)),
};

/** Return a function that applies an activation to a vector, in place. */
function activation(name) {
  if (name === "softmax" || name === "log_softmax") {
    return (vector) => {
      const most = Math.max(...vector);
      const sum = vector.reduce((total, x) => total + Math.exp(x - most), 0);
      const last = name === "softmax" ? (x) => Math.exp(x - most) / sum : (x) => x - most - Math.log(sum);
      for (let k = 0; k < vector.length; k++) vector[k] = last(vector[k]);
    };
  }
  const f = ONE_BY_ONE[name];
  if (!f) throw new Error(`unknown activation ${name}`);
  return (vector) => {
    for (let k = 0; k < vector.length; k++) vector[k] = f(vector[k]);
  };
}

/** A matrix of Keras's shape (inputs, outputs), stored by outputs, so that a product reads memory in order. */
class Matrix {
  constructor({ shape: [inputs, outputs], values }) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.rows = new Float64Array(inputs * outputs);
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < outputs; k++) this.rows[k * inputs + i] = values[i * outputs + k];
    }
  }

  /** Add the product of a vector and the columns `first` to `last` to `out`. */
  addTo(out, vector, first = 0, last = this.outputs) {
    const { rows, inputs } = this;
    const even = inputs - (inputs % 4);
    for (let k = first; k < last; k++) {
      let at = k * inputs;
      let a = 0, b = 0, c = 0, d = 0, i = 0;
      for (; i < even; i += 4, at += 4) {
        a += vector[i] * rows[at];
        b += vector[i + 1] * rows[at + 1];
        c += vector[i + 2] * rows[at + 2];
        d += vector[i + 3] * rows[at + 3];
      }
      for (; i < inputs; i++, at++) a += vector[i] * rows[at];
      out[k - first] += a + b + (c + d);
    }
  }
}

const vectorOf = (weight, from = 0, to = weight.values.length) => Float64Array.from(weight.values.slice(from, to));

/** Return the sum of a bias (or nothing) and a product, as a new vector. */
function affine(bias, matrix, vector) {
  const out = bias ? bias.slice() : new Float64Array(matrix.outputs);
  matrix.addTo(out, vector);
  return out;
}

// --- cells: `start` returns a first state, `step` the next one with all that made it ---

function simpleCell({ options, weights }) {
  const [kernel, recurrent] = [new Matrix(weights[0]), new Matrix(weights[1])];
  const bias = options.use_bias ? vectorOf(weights[2]) : null;
  const act = activation(options.activation);
  return {
    names: ["h"],
    start: () => ({ h: new Float64Array(options.units) }),
    step: (x, { h }) => {
      const next = affine(bias, kernel, x);
      recurrent.addTo(next, h);
      act(next);
      return { h: next };
    },
  };
}

function lstmCell({ options, weights }) {
  const n = options.units;
  const [kernel, recurrent] = [new Matrix(weights[0]), new Matrix(weights[1])];
  const bias = options.use_bias ? vectorOf(weights[2]) : null;
  const [act, gate] = [activation(options.activation), activation(options.recurrent_activation)];
  return {
    names: ["i", "f", "g", "o", "c", "h"],
    start: () => ({ h: new Float64Array(n), c: new Float64Array(n) }),
    step: (x, { h, c: before }) => {
      const z = affine(bias, kernel, x);
      recurrent.addTo(z, h);
      const [i, f, g, o] = [0, 1, 2, 3].map((part) => z.subarray(part * n, (part + 1) * n));
      gate(i), gate(f), act(g), gate(o);
      const c = new Float64Array(n);
      for (let k = 0; k < n; k++) c[k] = f[k] * before[k] + i[k] * g[k];
      const next = c.slice();
      act(next);
      for (let k = 0; k < n; k++) next[k] *= o[k];
      return { i, f, g, o, c, h: next };
    },
  };
}

function gruCell({ options, weights }) {
  const n = options.units;
  const after = options.reset_after;
  const [kernel, recurrent] = [new Matrix(weights[0]), new Matrix(weights[1])];
  const bias = options.use_bias ? vectorOf(weights[2], 0, 3 * n) : null;
  const second = options.use_bias && after ? vectorOf(weights[2], 3 * n) : new Float64Array(3 * n);
  const [act, gate] = [activation(options.activation), activation(options.recurrent_activation)];
  return {
    names: ["z", "r", "g", "h"],
    start: () => ({ h: new Float64Array(n) }),
    step: (x, { h }) => {
      const ours = affine(bias, kernel, x);
      const inner = second.slice();
      recurrent.addTo(inner, h, 0, after ? 3 * n : 2 * n);
      const [z, r, g] = [0, 1, 2].map((part) => ours.subarray(part * n, (part + 1) * n));
      for (let k = 0; k < 2 * n; k++) ours[k] += inner[k];
      gate(z), gate(r);
      if (after) {
        for (let k = 0; k < n; k++) g[k] += r[k] * inner[2 * n + k];
      } else {
        recurrent.addTo(g, h.map((value, k) => r[k] * value), 2 * n, 3 * n);
      }
      act(g);
      const next = new Float64Array(n);
      for (let k = 0; k < n; k++) next[k] = z[k] * h[k] + (1 - z[k]) * g[k];
      return { z, r, g, h: next };
    },
  };
}

const CELLS = { SimpleRNN: simpleCell, LSTM: lstmCell, GRU: gruCell };

// --- layers: each returns a function (value, show) -> value; `show` receives the steps of recurrent layers ---

function recurrent(layer) {
  const cell = CELLS[layer.kind](layer);
  const { return_sequences: all, go_backwards: backward } = layer.options;
  return (sequence, show) => {
    const steps = [];
    let state = cell.start();
    for (let t = 0; t < sequence.length; t++) {
      state = cell.step(sequence[backward ? sequence.length - 1 - t : t], state);
      steps.push(state);
    }
    show?.({ kind: layer.kind, units: layer.options.units, backward, names: cell.names, steps });
    return all ? steps.map(({ h }) => h) : state.h;
  };
}

function bidirectional({ options, inner, weights }) {
  const half = weights.length / 2;
  const turned = { ...inner.options, go_backwards: !inner.options.go_backwards };
  const forward = recurrent({ ...inner, weights: weights.slice(0, half) });
  const backward = recurrent({ ...inner, options: turned, weights: weights.slice(half) });
  const merge = {
    concat: (a, b) => Float64Array.of(...a, ...b),
    sum: (a, b) => a.map((x, k) => x + b[k]),
    ave: (a, b) => a.map((x, k) => (x + b[k]) / 2),
    mul: (a, b) => a.map((x, k) => x * b[k]),
  }[options.merge_mode];
  return (sequence, show) => {
    const [a, b] = [forward(sequence, show), backward(sequence, show)];
    return inner.options.return_sequences ? a.map((x, t) => merge(x, b[b.length - 1 - t])) : merge(a, b);
  };
}

/** Return a layer that does the same to each vector, or to the only one. */
const onVectors = (f) => (value) => (value instanceof Float64Array ? f(value) : value.map(f));

function dense({ options, weights }) {
  const kernel = new Matrix(weights[0]);
  const bias = options.use_bias ? vectorOf(weights[1]) : null;
  const act = activation(options.activation);
  return onVectors((x) => {
    const out = affine(bias, kernel, x);
    act(out);
    return out;
  });
}

function activated({ options }) {
  const act = activation(options.activation);
  return onVectors((x) => {
    const out = x.slice();
    act(out);
    return out;
  });
}

const flatten = () => (value) => (value instanceof Float64Array ? value : Float64Array.from(value.flatMap((x) => [...x])));

const unchanged = () => (value) => value; // what only acts in training
const LAYERS = {
  ...Object.fromEntries(Object.keys(CELLS).map((kind) => [kind, recurrent])),
  Bidirectional: bidirectional,
  TimeDistributed: ({ inner, weights }) => LAYERS[inner.kind]({ ...inner, weights }),
  Dense: dense,
  Activation: activated,
  Flatten: flatten,
  Dropout: unchanged,
  SpatialDropout1D: unchanged,
  GaussianNoise: unchanged,
  GaussianDropout: unchanged,
};

/** Return a function (sequence, show) -> output that computes what the layers compute. */
export function forward(layers) {
  const chain = layers.map((layer) => {
    if (!LAYERS[layer.kind]) throw new Error(`unknown layer ${layer.kind}`);
    return LAYERS[layer.kind](layer);
  });
  return (sequence, show) => chain.reduce((value, layer) => layer(value, show), sequence);
}

/** Decode the weights of layers: base64 of little-endian float32 -> {shape, values}. */
export function decoded(layers) {
  return layers.map((layer) => ({ ...layer, weights: layer.weights.map(({ shape, data }) => ({ shape, values: floats(data) })) }));
}

function floats(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, k) => view.getFloat32(4 * k, true));
}
