// "Your model, alive": a learner's trained network on its own weights, on a wave that the learner changes.
import { $, $$ } from "../page.js";
import { predicted, teller } from "./shared.js";
import { AS_TRAINED, Predictor, Study, waveOf } from "./study.js";
import { num as fixed } from "./words.js";

const BUDGET = 6; // milliseconds of a frame for the network; drawing needs the rest
const WAVE = ["frequency", "phase", "noise", "step"];
const NAMES = {
  h: ["state", "hidden state"], c: ["state", "cell state"], g: ["input", "candidate"],
  i: ["gate", "input gate"], f: ["gate", "forget gate"], o: ["gate", "output gate"],
  z: ["gate", "update gate"], r: ["gate", "reset gate"],
};
const still = matchMedia("(prefers-reduced-motion: reduce)");

const num = (x, digits = 2) => (Number.isFinite(x) ? fixed(x, digits) : "…");
const small = (x) => (Number.isFinite(x) ? (x < 0.01 ? x.toPrecision(1) : x.toPrecision(2)).replace(/e-(\d)/, "e−$1") : "…");

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

class Bench {
  constructor(box, networks) {
    this.box = box;
    this.networks = networks;
    this.tell = teller(this.part("tell"));
    this.unit = this.step = 0;
    box.addEventListener("input", (event) => this.changed(event.target));
    this.part("play").addEventListener("click", () => this.play());
    this.part("reset").addEventListener("click", () => this.reset());
    const plot = this.part("plot");
    for (const kind of ["pointerdown", "pointermove"]) {
      plot.addEventListener(kind, (event) => {
        if (kind === "pointerdown") plot.setPointerCapture(event.pointerId);
        else if (!plot.hasPointerCapture(event.pointerId)) return;
        const { left, width } = plot.getBoundingClientRect();
        this.moveTo(Math.round(((event.clientX - left) / width) * (this.count - 1)));
      });
    }
    const recolor = () => (this.readColors(), this.schedule());
    new MutationObserver(recolor).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor);
    this.readColors();
    this.rest();
    const pick = this.part("network");
    networks.forEach(({ title }, k) => pick.add(new Option(title, k)));
    pick.parentElement.hidden = networks.length < 2;
    this.choose(0);
  }

  part = (name) => $(`[data-part="${name}"]`, this.box);
  control = (name) => $(`[data-control="${name}"]`, this.box);

  /** Show one of the exercise's networks. */
  choose(index) {
    const network = (this.network = this.networks[index]);
    const problem = this.part("problem");
    problem.hidden = !network.problem;
    problem.textContent = network.problem;
    for (const part of $$("[data-runs]", this.box)) part.hidden = Boolean(network.problem);
    if (network.problem) return;
    this.predictor = new Predictor(network);
    this.count = Math.round(network.series.length * 1.5);
    this.trained = network.window + network.training_windows;
    this.stepAt = Math.round((this.trained + this.count) / 2);
    const at = this.control("at");
    [at.min, at.max] = [network.window, this.count - 1];
    if (!this.placed) at.value = this.trained + 4;
    this.placed = true;
    const within = this.control("within");
    [within.max, within.value] = [network.window, network.window];
    this.base = new Study(this.predictor, waveOf(network, AS_TRAINED, this.count, this.stepAt));
    this.part("facts").textContent =
      `${network.parameters.toLocaleString("en")} weights, trained by the judge for ${network.steps} steps ` +
      `on ${network.training_windows} windows of ${network.window} values.`;
    this.traces = this.look(this.base.values, this.trained);
    this.layers();
    this.wave();
  }

  layers() {
    const pick = this.part("layer");
    pick.replaceChildren(...this.traces.map(({ kind, backward }, k) =>
      new Option(`${k + 1}: ${kind}${backward ? ", backward in time" : ""}`, k)));
    pick.parentElement.hidden = this.traces.length < 2;
    this.strips();
  }

  /** Make one strip for each quantity of the chosen layer: a row per unit, a column per step. */
  strips() {
    const trace = this.traces[+this.part("layer").value || 0];
    this.part("inside").hidden = !trace;
    if (!trace) return;
    const unit = this.control("unit");
    [unit.max, unit.value] = [trace.units, Math.min(+unit.value, trace.units)];
    this.part("strips").dataset.count = trace.names.length;
    this.part("strips").replaceChildren(...trace.names.map((name) => {
      const [color, words] = NAMES[name];
      const label = `${words} of all units at all steps; the line below has the numbers of one unit`;
      const canvas = make("canvas", { width: trace.steps.length, height: trace.units, role: "img", ariaLabel: label });
      const caption = make("figcaption", { className: color }, `${name} `, make("span", {}, words));
      const well = make("div", { className: "well" }, canvas);
      well.addEventListener("pointerdown", (event) => {
        const { left, top, width, height } = canvas.getBoundingClientRect();
        const part = (x, size, count) => 1 + Math.min(count - 1, Math.max(0, Math.floor((x / size) * count)));
        this.control("within").value = part(event.clientX - left, width, trace.steps.length);
        unit.value = part(event.clientY - top, height, trace.units);
        this.schedule();
      });
      return make("figure", {}, caption, well);
    }));
  }

  changed(target) {
    if (target.dataset.part === "network") return this.choose(+target.value);
    if (target.dataset.part === "layer") this.strips();
    if (WAVE.includes(target.dataset.control)) return this.wave();
    this.schedule();
  }

  reset() {
    for (const name of WAVE) this.control(name).value = AS_TRAINED[name];
    this.wave();
  }

  /** Start over on the wave that the sliders describe. */
  wave() {
    const setting = Object.fromEntries(WAVE.map((name) => [name, +this.control(name).value]));
    this.usual = WAVE.every((name) => setting[name] === AS_TRAINED[name]);
    this.study = new Study(this.predictor, waveOf(this.network, setting, this.count, this.stepAt));
    this.part("reset").disabled = this.usual;
    this.schedule();
  }

  moveTo(time) {
    this.control("at").value = time;
    this.schedule();
  }

  // --- playing ---

  play() {
    if (this.playing) return this.rest();
    const at = this.control("at");
    if (+at.value >= +at.max) at.value = at.min;
    if (still.matches) return this.moveTo(+at.value + 10);
    this.part("play").textContent = "Pause";
    this.playing = setInterval(() => {
      this.moveTo(+at.value + 1);
      if (+at.value >= +at.max) this.rest();
    }, 100);
  }

  rest() {
    clearInterval(this.playing);
    this.playing = 0;
    this.part("play").textContent = still.matches ? "10 steps on" : "Play";
  }

  // --- frames ---

  schedule() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.network.problem) return;
      const at = +this.control("at").value;
      for (const study of [this.study, this.base]) if (study.from !== at) study.roll(at);
      const until = performance.now() + BUDGET;
      this.traces = this.look(this.study.values, at);
      this.study.work(until, () => performance.now());
      this.base.work(until, () => performance.now());
      this.draw(at);
      if (!this.study.done || !this.base.done) this.schedule();
    });
  }

  /** Run the network once and return the steps of its recurrent layers. */
  look(values, at) {
    const traces = [];
    this.predictor.predict(values, at, (trace) => traces.push(trace));
    return traces;
  }

  draw(at) {
    this.drawPlot(at);
    this.drawInside();
    for (const output of $$("output[data-of]", this.box)) {
      const value = +this.control(output.dataset.of).value;
      const digits = +(output.dataset.digits ?? 0);
      output.textContent = `${output.dataset.before ?? ""}${num(value, digits)}${output.dataset.after ?? ""}`;
    }
    const ready = this.study.done && this.base.done;
    const [mine, own] = [this.study, this.base].map((study) => study.errors(this.trained));
    for (const cell of $$("[data-error]", this.box)) {
      const errors = cell.dataset.whose === "own" ? own : mine;
      cell.textContent = ready ? small(errors[cell.dataset.error]) : "…";
    }
    for (const cell of $$("[data-whose=mine]", this.box)) cell.hidden = this.usual;
    if (ready) this.tell(this.words(at, mine, own));
  }

  words(at, mine, own) {
    const { window } = this.network;
    const parts = [
      `At time ${at} the network has read the values from ${at - window} to ${at - 1}. ` +
      `It predicts ${num(this.study.ahead[at])}, and the wave has ${num(this.study.values[at])}.`,
    ];
    const times = mine.ahead / own.ahead;
    if (!this.usual) {
      parts.push(`One step ahead, its error on your wave is ${small(mine.ahead)}, ` +
        (times >= 1.5 ? `${+times.toPrecision(2)} times the error on its own wave` : "about as on its own wave") +
        (mine.ahead > mine.repeated ? ". Repeating the last value would be better." : "."));
    }
    parts.push(`Rolled out from time ${at}, it is off by ${small(mine.rolled)}.`);
    return parts.join(" ");
  }

  drawPlot(at) {
    const { values, ahead, rolled } = this.study;
    const { level, amplitude, window } = this.network;
    const size = Math.max(1.6 * Math.abs(amplitude), ...values.map((value) => Math.abs(value - level) * 1.1));
    const y = (value) => -Math.max(-1.15, Math.min(1.15, (value - level) / size));
    const line = (numbers, from) => {
      let path = "", pen = "M";
      for (let t = from; t < numbers.length; t++) {
        if (Number.isFinite(numbers[t])) {
          path += `${pen}${t} ${y(numbers[t]).toFixed(4)}`;
          pen = "L";
        } else pen = "M";
      }
      return path;
    };
    this.part("plot").setAttribute("viewBox", `0 -1.2 ${this.count - 1} 2.4`);
    const set = (name, path) => this.part(name).setAttribute("d", path);
    set("axis", `M0 ${y(level)}H${this.count}`);
    set("wave", line(values, 0));
    set("ahead", line(ahead, window));
    set("rolled", line(rolled, at - 1));
    set("now", `M${at} -1.2V1.2`);
    set("trained", `M${this.trained} -1.2V1.2`);
    set("dot", Number.isFinite(ahead[at]) ? `M${at} ${y(ahead[at])}h0` : "");
    set("window", `M${at - window} -1.2H${at - 1}V1.2H${at - window}z`);
    const x = (name, time) => this.part(name).style.setProperty("--x", time / (this.count - 1));
    x("trained-label", this.trained);
    // labels at the ends of the lines, moved apart
    const ends = [["wave", values], ["ahead", ahead], ["rolled", rolled]]
      .map(([name, numbers]) => ({ name, y: Number.isFinite(numbers.at(-1)) ? y(numbers.at(-1)) : 0 }))
      .sort((a, b) => a.y - b.y);
    const gap = 0.19;
    for (let k = 1; k < ends.length; k++) ends[k].y = Math.max(ends[k].y, ends[k - 1].y + gap);
    const over = Math.max(0, ends.at(-1).y - 1.1);
    for (const end of ends) this.part(`${end.name}-label`).style.setProperty("--y", end.y - over);
  }

  drawInside() {
    const trace = this.traces[+this.part("layer").value || 0];
    if (!trace) return;
    const { names, steps, units } = trace;
    const within = +this.control("within").value;
    // a layer that goes backward reads the last value first
    const step = trace.backward ? steps.length - within : within - 1;
    const unit = +this.control("unit").value - 1;
    const strips = this.part("strips");
    strips.style.setProperty("--columns", steps.length);
    strips.style.setProperty("--rows", units);
    strips.style.setProperty("--step", within - 1);
    strips.style.setProperty("--unit", unit);
    [...strips.children].forEach((figure, k) => {
      const [color] = NAMES[names[k]];
      const canvas = $("canvas", figure);
      const context = canvas.getContext("2d");
      const image = (figure.image ??= context.createImageData(canvas.width, canvas.height));
      const top = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const most = color === "gate" ? 1 : Math.max(1e-9, ...steps.map((s) => top(s[names[k]])));
      const [paper, above, below] = [this.colors.paper, this.colors[color], this.colors.soft];
      for (let s = 0; s < steps.length; s++) {
        const values = steps[s][names[k]];
        const column = trace.backward ? steps.length - 1 - s : s;
        for (let n = 0; n < units; n++) {
          const part = Math.min(1, Math.abs(values[n]) / most);
          const ink = values[n] >= 0 ? above : below;
          const to = 4 * (n * steps.length + column);
          for (let c = 0; c < 3; c++) image.data[to + c] = paper[c] + part * (ink[c] - paper[c]);
          image.data[to + 3] = 255;
        }
      }
      context.putImageData(image, 0, 0);
    });
    this.part("calc").replaceChildren(...this.equation(trace, step, unit, within));
  }

  /** Return the numbers of one unit at one step, each in the color of its idea. */
  equation({ kind, steps }, step, unit, within) {
    const now = steps[step];
    const old = (name) => num(step ? steps[step - 1][name][unit] : 0, 3);
    const value = (name) => num(now[name][unit], 3);
    const part = (className, text) => make("b", { className }, text);
    const words = [`Unit ${unit + 1}, step ${within} of the window: `];
    if (kind === "LSTM") {
      words.push(part("state", "c"), " = ", part("gate", `f ${value("f")}`), " × ", part("state", old("c")), " + ",
        part("gate", `i ${value("i")}`), " × ", part("input", `g ${value("g")}`), " = ", part("state", value("c")),
        ". With ", part("gate", `o ${value("o")}`), ", ", part("state", "h"), " = ", part("state", value("h")), ".");
    } else if (kind === "GRU") {
      words.push(part("state", "h"), " = ", part("gate", `z ${value("z")}`), " × ", part("state", old("h")), " + (1 − ",
        part("gate", value("z")), ") × ", part("input", `g ${value("g")}`), " = ", part("state", value("h")), ". With ",
        part("gate", `r ${value("r")}`), ", the candidate reads the old state.");
    } else {
      words.push(part("state", "h"), " was ", part("state", old("h")), " and is now ", part("state", value("h")), ".");
    }
    return words;
  }

  /** Read the colors of the current theme. */
  readColors() {
    const probe = this.part("probe");
    this.colors = {};
    for (const name of ["state", "gate", "input", "soft", "paper"]) {
      probe.className = name;
      const style = getComputedStyle(probe);
      const text = name === "paper" ? style.backgroundColor : style.color;
      this.colors[name] = text.match(/[\d.]+/g).slice(0, 3).map(Number);
    }
  }
}

/** Get the networks and show them. What prevents that is told in words. */
async function bring(box, address) {
  const says = $('[data-part="loading"]', box), stage = $('[data-part="stage"]', box);
  says.textContent = "The judge is training your network. The first time, this takes some seconds.";
  try {
    const answer = await fetch(address);
    const { networks, problem } = await answer.json();
    says.textContent = problem;
    if (problem) return;
    stage.hidden = false;
    new Bench(box, networks);
    says.hidden = true;
  } catch {
    stage.hidden = true;
    says.textContent = "Your network could not be loaded. Check that `course open` is still running, then reload the page.";
  }
}

/** Bring the networks once a prediction is made and the box comes into view. */
export function start(box, settings) {
  const { address, page } = settings;
  if (!address) return waitForVerdict(box, page);
  predicted(box, settings, () => {
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      bring(box, address);
    }, { rootMargin: "200px" }).observe(box);
  });
}

/** After a verdict on the same page, the networks may be there. */
function waitForVerdict(box, page) {
  const verdict = $("#verdict");
  if (!verdict) return;
  const observer = new MutationObserver(async () => {
    const answer = await fetch(page).catch(() => null);
    const text = answer?.ok ? await answer.text() : "";
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(box.id);
    if (!fresh || !box.isConnected || !JSON.parse(fresh.dataset.settings).address) return;
    observer.disconnect();
    box.replaceWith(fresh);
    start(fresh, JSON.parse(fresh.dataset.settings));
  });
  observer.observe(verdict, { childList: true });
}
