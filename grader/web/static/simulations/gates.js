// A gated cell with one unit over 50 steps. A gate that is pulled by hand is a gate whose weights are zero and whose
// bias is the inverse sigmoid of where the hand has put it.
import { $, $$ } from "../page.js";
import { held, logit } from "./cells.js";
import { path, predicted, set, show, teller } from "./shared.js";
import { gatesWords, num } from "./words.js";

const TRAVEL = 42; // pixels that a bolt moves
const TRACES = { lstm: ["c", "h"], gru: ["h"] };

export function start(box, settings) {
  const { cell } = settings, traces = TRACES[cell], tell = teller($(".tell", box)), play = $("[data-do=play]", box);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const noisy = $("[name=noisy]", box), step = $("[name=step]", box);
  const sliders = Object.fromEntries($$(".slide [data-gate]", box).map(slider => [slider.dataset.gate, slider]));
  const picture = $(".pipes", box), rows = $$("tbody tr", box);
  let timer = 0;

  const now = () => held(cell, noisy.checked ? settings.noisy : settings.quiet,
    Object.fromEntries(Object.entries(sliders).map(([name, slider]) => [name, slider.valueAsNumber])));

  function draw() {
    const steps = now(), at = step.valueAsNumber, s = steps[at];
    for (const pipe of $$("[data-pipe]", picture)) {
      const value = s[pipe.dataset.pipe], size = 32 * Math.min(1, Math.abs(value));
      set(pipe, { [pipe.dataset.axis]: pipe.dataset.center - size / 2, [pipe.dataset.axis === "y" ? "height" : "width"]: size });
      pipe.classList.toggle("neg", value < 0);
    }
    for (const bolt of $$("[data-bolt]", picture)) {
      const { bolt: name, x, y } = bolt.dataset, open = TRAVEL * s[name];
      set($("g", bolt), { transform: `translate(${x * open} ${y * open})` });
    }
    show(box, { ...s, at });
    for (const name in sliders) {
      const value = sliders[name].valueAsNumber;
      $(`[data-bias=${name}]`, box).textContent = `bias ${num(logit(value), 1).replace("Infinity", "∞")}`;
      $(`[data-out=${name}]`, box).textContent = num(value, 2);
    }
    trace(steps, at);
    rows.forEach((row, k) => traces.forEach((name, j) => { row.cells[j + 2].textContent = num(steps[10 * k][name]); }));
    rows.forEach((row, k) => { row.cells[1].textContent = num(steps[10 * k].x, 2); });
    tell(gatesWords(cell, steps, noisy.checked));
  }

  function trace(steps, at) {
    const highest = Math.max(...steps.flatMap(s => traces.map(name => Math.abs(s[name]))));
    const limit = highest <= 1.2 ? 1 : Math.ceil(highest), y = value => -value / limit;
    for (const name of traces) {
      set($(`[data-trace=${name}]`, box), { d: path(steps.map((s, k) => [k, y(s[name])])) });
      set($(`[data-end=${name}]`, box), { y: `${50 + y(steps.at(-1)[name]) * 100 / 2.4 + (traces.length > 1 ? (name === "c" ? -3 : 5) : 0)}%` });
    }
    $("[data-limit=up]", box).textContent = limit;
    $("[data-limit=down]", box).textContent = `\u2212${limit}`;
    set($("[data-trace=x]", box), { d: steps.map((s, k) => `M${k} 0V${+(-s.x).toFixed(3)}`).join("") });
    set($("[data-now]", box), { d: `M${at}-1.2V1.2` });
    set($("[data-dot]", box), { cx: `${2 * at}%`, cy: `${50 + y(steps[at][traces[0]]) * 100 / 2.4}%` });
  }

  const keep = () => {
    set($("[data-trace=was]", box), { d: $(`[data-trace=${traces[0]}]`, box).getAttribute("d") ?? "" });
    $(".pale", box).hidden = false;
  };
  for (const control of $$(".controls input", box)) {
    control.addEventListener("input", draw);
    if (control !== step) control.addEventListener("pointerdown", keep); // pale: the setting before
  }

  // The bolts in the picture move the sliders below it: hand, keyboard and screen reader share one value.
  for (const bolt of $$("[data-pull]", picture)) {
    const { pull, x, y } = bolt.dataset, scale = () => TRAVEL * picture.clientWidth / 340;
    const along = event => x * event.clientX + y * event.clientY;
    let from;
    bolt.addEventListener("pointerdown", event => {
      if (sliders[pull].matches(":disabled")) return;
      bolt.setPointerCapture(event.pointerId);
      from = along(event) - sliders[pull].valueAsNumber * scale();
      keep();
    });
    bolt.addEventListener("pointermove", event => {
      if (!bolt.hasPointerCapture(event.pointerId)) return;
      sliders[pull].value = (along(event) - from) / scale();
      draw();
    });
  }

  const halt = () => { clearInterval(timer); timer = 0; play.textContent = still ? "10 steps on" : "Play"; };
  const go = by => {
    step.value = step.valueAsNumber + by;
    draw();
    if (step.value === step.max) halt();
  };
  play.addEventListener("click", () => {
    if (timer) return halt();
    if (step.value === step.max) step.value = step.min;
    if (still) return go(10);
    play.textContent = "Pause";
    timer = setInterval(go, 120, 1);
  });
  halt();
  const gates = values => { for (const name in sliders) sliders[name].value = values[sliders[name].name]; };
  gates(settings.start);
  draw();
  predicted(box, settings, then => {
    keep();
    halt();
    gates(then);
    noisy.checked = settings.noise;
    step.value = step.min;
    draw();
  });
}
