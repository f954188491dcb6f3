// The gradient at an input, against its lag: how many steps before the last input it is. The networks are drawn
// as Keras draws them and not trained; the loss is a random sum over the last state. No DOM here.
export const UNITS = 32, FEATURES = 8, STEPS = 101, SEEDS = 10;

// Random numbers that are the same on every visit (mulberry32), uniform in [0, 1).
export function generator(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normals(random, count) {
  return Float64Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

// A matrix whose rows are orthogonal and of length 1: it neither stretches nor shrinks a vector it multiplies.
export function orthogonal(random, rows, columns) {
  const matrix = normals(random, rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = matrix.subarray(i * columns, (i + 1) * columns);
    for (let pass = 0; pass < 2; pass++) { // the second pass removes what rounding has left
      for (let k = 0; k < i; k++) {
        const other = matrix.subarray(k * columns, (k + 1) * columns);
        const along = row.reduce((sum, value, j) => sum + value * other[j], 0);
        for (let j = 0; j < columns; j++) row[j] -= along * other[j];
      }
      const size = Math.hypot(...row);
      for (let j = 0; j < columns; j++) row[j] /= size;
    }
  }
  return matrix;
}

// One network per seed, with the part of each step's sum that comes from the inputs: no slider changes it.
function drawn(blocks, seeds) {
  return Array.from({ length: seeds }, (_, seed) => {
    const random = generator(1 + seed), width = blocks * UNITS;
    const limit = Math.sqrt(6 / (FEATURES + width));
    const kernel = Float64Array.from({ length: FEATURES * width }, () => limit * (2 * random() - 1));
    const recurrent = orthogonal(random, UNITS, width);
    const direction = normals(random, UNITS), x = normals(random, STEPS * FEATURES);
    const fromInput = new Float64Array(STEPS * width);
    for (let t = 0; t < STEPS; t++) add(kernel, x, t * FEATURES, FEATURES, fromInput, t * width, width, 1);
    return { kernel, recurrent, direction, x, fromInput };
  });
}

const kept = new Map();
export function networks(blocks, seeds) {
  const name = `${blocks} ${seeds}`;
  if (!kept.has(name)) kept.set(name, drawn(blocks, seeds));
  return kept.get(name);
}

// out[at …] += scale · vector[from …] · matrix
function add(matrix, vector, from, size, out, at, width, scale) {
  for (let k = 0; k < size; k++) {
    const value = scale * vector[from + k], row = k * width;
    for (let j = 0; j < width; j++) out[at + j] += value * matrix[row + j];
  }
}

// matrix · vector, scaled: what comes back through the weights
function back(matrix, vector, rows, width, scale) {
  const out = new Float64Array(rows);
  for (let k = 0; k < rows; k++) {
    let sum = 0;
    for (let j = 0, row = k * width; j < width; j++) sum += matrix[row + j] * vector[j];
    out[k] = scale * sum;
  }
  return out;
}

const size = vector => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
const sigmoid = z => 1 / (1 + Math.exp(-z));

export function simpleSizes({ kernel, recurrent, direction, fromInput }, scale, linear) {
  const h = new Float64Array((STEPS + 1) * UNITS), sizes = new Float64Array(STEPS), sum = new Float64Array(UNITS);
  for (let t = 0; t < STEPS; t++) {
    sum.set(fromInput.subarray(t * UNITS, (t + 1) * UNITS));
    add(recurrent, h, t * UNITS, UNITS, sum, 0, UNITS, scale);
    for (let k = 0; k < UNITS; k++) h[(t + 1) * UNITS + k] = linear ? sum[k] : Math.tanh(sum[k]);
  }
  let toState = direction;
  for (let t = STEPS - 1; t >= 0; t--) {
    const toSum = toState.map((value, k) => linear ? value : value * (1 - h[(t + 1) * UNITS + k] ** 2));
    sizes[STEPS - 1 - t] = size(back(kernel, toSum, FEATURES, UNITS, 1));
    toState = back(recurrent, toSum, UNITS, UNITS, scale);
  }
  return sizes;
}

// Blocks in the order of Keras: input gate, forget gate, candidate, output gate.
export function gatedSizes({ kernel, recurrent, direction, fromInput }, scale, forgetBias) {
  const width = 4 * UNITS, sizes = new Float64Array(STEPS), steps = [];
  let h = new Float64Array(UNITS), c = new Float64Array(UNITS);
  for (let t = 0; t < STEPS; t++) {
    const sum = fromInput.slice(t * width, (t + 1) * width), old = c;
    add(recurrent, h, 0, UNITS, sum, 0, width, scale);
    const [i, f, g, o] = [0, 1, 2, 3].map(block => sum.subarray(block * UNITS, (block + 1) * UNITS));
    h = new Float64Array(UNITS);
    c = new Float64Array(UNITS);
    for (let k = 0; k < UNITS; k++) {
      i[k] = sigmoid(i[k]);
      f[k] = sigmoid(f[k] + forgetBias);
      g[k] = Math.tanh(g[k]);
      o[k] = sigmoid(o[k]);
      c[k] = f[k] * old[k] + i[k] * g[k];
      h[k] = o[k] * Math.tanh(c[k]);
    }
    steps.push({ i, f, g, o, old, c });
  }
  let toState = direction, toCell = new Float64Array(UNITS);
  for (let t = STEPS - 1; t >= 0; t--) {
    const { i, f, g, o, old, c } = steps[t], toSum = new Float64Array(width), before = new Float64Array(UNITS);
    for (let k = 0; k < UNITS; k++) {
      const shown = Math.tanh(c[k]), cell = toCell[k] + toState[k] * o[k] * (1 - shown * shown);
      toSum[k] = cell * g[k] * i[k] * (1 - i[k]);
      toSum[UNITS + k] = cell * old[k] * f[k] * (1 - f[k]);
      toSum[2 * UNITS + k] = cell * i[k] * (1 - g[k] * g[k]);
      toSum[3 * UNITS + k] = toState[k] * shown * o[k] * (1 - o[k]);
      before[k] = cell * f[k];
    }
    sizes[STEPS - 1 - t] = size(back(kernel, toSum, FEATURES, width, 1));
    toState = back(recurrent, toSum, UNITS, width, scale);
    toCell = before;
  }
  return sizes;
}

// Lag by lag, the median over the seeds of the gradient's size, relative to lag 0.
function medians(all) {
  return Array.from({ length: STEPS }, (_, lag) => {
    const sorted = all.map(sizes => sizes[lag] / sizes[0]).sort((a, b) => a - b), half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  });
}

// A product of equal factors, one per step.
export const factorCurve = factor => Array.from({ length: STEPS }, (_, lag) => factor ** lag);

// A simple RNN whose recurrent weights are scaled; with linear units there is no tanh.
export const simpleCurve = (scale, linear = false, seeds = SEEDS) =>
  medians(networks(1, seeds).map(network => simpleSizes(network, scale, linear)));

// An LSTM with a forget bias.
export const gatedCurve = (forgetBias, scale = 1, seeds = SEEDS) =>
  medians(networks(4, seeds).map(network => gatedSizes(network, scale, forgetBias)));

// The curves that a picture has, by the positions of its sliders.
export function curves(names, { factor, scale, linear, forget_bias: bias }) {
  const make = { factor: () => factorCurve(factor), simple: () => simpleCurve(scale, linear), gated: () => gatedCurve(bias) };
  return Object.fromEntries(names.map(name => [name, make[name]()]));
}
