// Numbers and pictures in words. No DOM here.
export const num = (x, digits = 3) => x.toFixed(digits).replace(/^-0(\.0*)?$/, "0$1").replace("-", "\u2212");

// A number of any size with two digits: 0.36, 81, 4.7e−15
export function short(x) {
  if (!x || (Math.abs(x) >= 0.01 && Math.abs(x) < 1000)) return num(x, Math.abs(x) >= 10 ? 0 : 2);
  return x.toExponential(1).replace("+", "").replace("-", "\u2212");
}

// What a picture shows, in one sentence or two.
export function unrolledWords(steps, at) {
  const first = steps[0].after, now = steps[at].after;
  const share = at && Math.abs(first) > 0.0005 ? `, ${num(100 * now / first, 0)}% of the first state` : "";
  return `After step ${at + 1}, the state is ${num(now)}${share}.`;
}

export function gatesWords(cell, steps, noisy) {
  const key = cell === "lstm" ? "c" : "h", first = steps[0][key], end = steps.at(-1)[key];
  const name = cell === "lstm" ? "the cell state" : "the state", says = `After 50 steps, ${name} is ${num(end)}`;
  if (noisy || Math.abs(first) < 0.0005) return `${says}. At step 0, it was ${num(first)}.`;
  const percent = 100 * end / first;
  return `${says}: ${percent > 0 && percent < 0.1 ? "less than 0.1" : num(percent, percent < 10 ? 1 : 0)}% of the ${num(first)} that was stored.`;
}

const SUBJECTS = {
  simple: "The gradient of the simple RNN", gated: "The gradient of the LSTM", factor: "A product of equal factors",
};

export function gradientWords(all) {
  return Object.entries(all).map(([name, curve]) =>
    `${SUBJECTS[name]} is ${short(curve[50])} at lag 50 and ${short(curve[100])} at lag 100.`).join(" ");
}
