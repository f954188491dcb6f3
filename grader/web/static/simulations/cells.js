// Recurrent cells with one unit, step by step, by the equations of the lesson. No DOM here.
// W, R and B hold one number per block: what multiplies the input, what multiplies the old state, and the bias.
export const sigmoid = z => 1 / (1 + Math.exp(-z));
export const logit = p => Math.log(p / (1 - p)); // the bias at which a gate without weights stands at p

export function simple(xs, wx, wh, b) {
  let after = 0;
  return xs.map(input => {
    const before = after, sum = wx * input + wh * before + b;
    after = Math.tanh(sum);
    return { input, before, sum, after };
  });
}

export function lstm(xs, W, R, B, c = 0, h = 0) { // blocks i, f, g, o
  return xs.map(x => {
    const z = block => W[block] * x + R[block] * h + B[block], old = c;
    const i = sigmoid(z("i")), f = sigmoid(z("f")), g = Math.tanh(z("g")), o = sigmoid(z("o"));
    c = f * c + i * g;
    h = o * Math.tanh(c);
    return { x, i, f, g, o, old, kept: f * old, added: i * g, c, tanh: Math.tanh(c), h };
  });
}

// Blocks z, r, g; Q holds the second bias of each block. As in Keras, the reset gate acts after the multiplication,
// and z = 1 keeps the old state.
export function gru(xs, W, R, B, Q, h = 0) {
  return xs.map(x => {
    const old = h, back = block => R[block] * old + Q[block], z = sigmoid(W.z * x + B.z + back("z"));
    const r = sigmoid(W.r * x + B.r + back("r")), seen = r * back("g"), g = Math.tanh(W.g * x + B.g + seen);
    h = z * old + (1 - z) * g;
    return { x, z, r, share: 1 - z, g, old, seen, kept: z * old, added: (1 - z) * g, h };
  });
}

const RECURRENT = 0.5; // with which the candidate of the GRU unit below reads the old state

// The steps of a cell that has stored its first input, and whose gates then stand where `gates` says: {f, i, o} or
// {z, r}, each from 0 to 1.
export function held(cell, [first, ...xs], gates) {
  const none = { f: 0, i: 0, o: 0, g: 0, z: 0, r: 0 }, bias = { ...none }, W = { ...none, g: 1 }, stored = Math.tanh(first);
  for (const name in gates) bias[name] = logit(gates[name]);
  if (cell === "gru") return [{ x: first, h: stored }, ...gru(xs, W, { ...none, g: RECURRENT }, bias, none, stored)];
  return [{ x: first, c: stored, h: gates.o * Math.tanh(stored) }, ...lstm(xs, W, none, bias, stored)];
}
