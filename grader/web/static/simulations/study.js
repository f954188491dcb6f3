// A trained network on a wave: windows, forecasts and errors. No page, so that it can be tested alone.
import { decoded, forward } from "./forward.js";

/** A number from -1 to 1 that looks random and is the same at each visit. */
const noiseAt = (t) => {
  const x = Math.sin(12.9898 * (t + 20)) * 43758.5453;
  return 2 * (x - Math.floor(x)) - 1;
};

export const AS_TRAINED = { frequency: 1, phase: 0, noise: 0, step: 0 };

/** Return `count` values of a network's wave with another frequency, a phase in degrees, noise, and a step.
    `noise` and `step` are parts of the amplitude; the step comes at time `stepAt`. */
export function waveOf(network, { frequency, phase, noise, step }, count, stepAt) {
  const { level, amplitude, period } = network;
  return Float64Array.from({ length: count }, (_, t) => {
    const turn = Math.sin(2 * Math.PI * ((t * frequency) / period + phase / 360));
    return level + amplitude * (turn + noise * noiseAt(t) + (t >= stepAt ? step : 0));
  });
}

/** A network that reads windows of values and predicts the next value, in the units of the wave. */
export class Predictor {
  constructor(network) {
    this.network = network;
    this.run = forward(decoded(network.layers));
  }

  /** Predict the value after a window that ends before time `end`. `show` receives recurrent layers. */
  predict(values, end, show) {
    const { window, shift, factor } = this.network;
    const sequence = [];
    for (let t = end - window; t < end; t++) sequence.push(Float64Array.of((values[t] - shift) / factor));
    return this.run(sequence, show)[0] * factor + shift;
  }
}

/** Forecasts on one wave, computed piece by piece, so that the page keeps moving. */
export class Study {
  constructor(predictor, values) {
    this.predictor = predictor;
    this.values = values;
    this.first = predictor.network.window; // the first time that can be predicted
    this.ahead = new Float64Array(values.length).fill(NaN); // each value from the true ones before it
    this.next = this.first;
    this.roll(this.first);
  }

  /** Begin a rollout at a time: from there on, the network reads its own predictions. */
  roll(from) {
    this.from = from;
    this.rolled = this.values.slice();
    this.rolled.fill(NaN, from);
    this.rolledTo = from;
  }

  get done() {
    return this.next >= this.values.length && this.rolledTo >= this.values.length;
  }

  /** Compute until everything is there or `now()` passes `until`. */
  work(until = Infinity, now = () => 0) {
    const { values, predictor } = this;
    while (!this.done && now() < until) {
      if (this.rolledTo < values.length) {
        this.rolled[this.rolledTo] = predictor.predict(this.rolled, this.rolledTo);
        this.rolledTo++;
      }
      if (this.next < values.length) {
        this.ahead[this.next] = predictor.predict(values, this.next);
        this.next++;
      }
    }
  }

  /** Return root mean square errors from time `from` on: one step ahead, rolled out, repeating the last value. */
  errors(from) {
    const { values, ahead, rolled } = this;
    const error = (guess, begin) => {
      let sum = 0;
      for (let t = begin; t < values.length; t++) sum += (guess(t) - values[t]) ** 2;
      return Math.sqrt(sum / (values.length - begin));
    };
    return {
      ahead: error((t) => ahead[t], from),
      rolled: error((t) => rolled[t], this.from),
      repeated: error((t) => values[t - 1], from),
    };
  }
}
