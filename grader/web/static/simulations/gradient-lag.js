// Curves of the gradient against the lag, on a logarithmic axis. The networks are drawn and computed here.
import { $, $$ } from "../page.js";
import { curves } from "./gradients.js";
import { path, predicted, set, teller } from "./shared.js";
import { gradientWords, num, short } from "./words.js";

const TOP = 12, FLOOR = -16; // powers of ten on the axis

const height = value => 100 * (TOP - Math.log10(value)) / (TOP - FLOOR); // per cent below the top

export function start(box, settings) {
  const tell = teller($(".tell", box)), inputs = $$(".slide input, .pick input", box), lags = $$("tbody tr", box);
  const presets = $$("[data-preset]", box);
  let frame = 0;

  const controls = () => ({ ...settings.start, ...Object.fromEntries(inputs.map(each =>
    [each.name, each.type === "checkbox" ? each.checked : each.valueAsNumber])) });

  function move(values) {
    for (const each of inputs) each[each.type === "checkbox" ? "checked" : "value"] = values[each.name];
  }

  function draw() {
    frame = 0;
    const at = controls(), all = curves(settings.curves, at), ends = [];
    for (const name of settings.curves) {
      const seen = all[name].map((value, lag) => [lag, TOP - Math.log10(value)]).filter(([, y]) => y <= TOP - FLOOR + 2 && y >= -2);
      set($(`[data-curve=${name}]`, box), { d: path(seen) });
      ends.push({ name, ...end(all[name]) });
    }
    apart(ends);
    for (const { name, x, y, anchor } of ends) set($(`[data-end=${name}]`, box), { x: `${x}%`, y: `${y}%`, "text-anchor": anchor });
    for (const each of inputs) {
      const out = $(`[data-out=${each.name}]`, box);
      if (out) out.textContent = num(each.valueAsNumber, each.name === "forget_bias" ? 1 : 2);
    }
    const gate = $("[data-gate-at]", box);
    if (gate) gate.textContent = `gate ${num(1 / (1 + Math.exp(-at.forget_bias)), 2)}`;
    settings.measured.forEach((row, k) => {
      const same = Object.keys(row.controls).every(key => !relevant(row.curve).includes(key) || row.controls[key] === at[key]);
      presets[k].setAttribute("aria-pressed", same);
      for (const point of $$(`[data-row="${k}"]`, box)) point.classList.toggle("on", same);
    });
    for (const row of lags) settings.curves.forEach((name, k) => { row.cells[k + 1].textContent = short(all[name][row.dataset.lag]); });
    tell(gradientWords(all));
  }

  const soon = () => { frame ||= requestAnimationFrame(draw); };
  for (const each of inputs) {
    each.addEventListener("pointerdown", keep);
    each.addEventListener("input", soon);
  }
  presets.forEach((button, k) => button.addEventListener("click", () => {
    const row = settings.measured[k], moved = Object.fromEntries(relevant(row.curve).map(key => [key, row.controls[key]]));
    keep();
    move({ ...controls(), ...moved });
    draw();
  }));
  function keep() { // pale: the setting before
    $(".pale", box).hidden = false;
    set($("[data-curve=was]", box), { d: $(`[data-curve=${settings.curves[0]}]`, box).getAttribute("d") ?? "" });
  }
  move(settings.start);
  predicted(box, settings, then => {
    move(settings.start);
    draw();
    keep();
    move(then);
    draw();
  });
}

const relevant = curve => curve === "gated" ? ["forget_bias"] : ["scale", "linear"];

// Where a curve's name stands: at its right end, below a line that falls and above one that rises. A line that leaves
// the picture early has its name beside it.
function end(curve) {
  const seen = lag => height(curve[lag]) > 2 && height(curve[lag]) < 90;
  let lag = 100;
  while (lag > 1 && !seen(lag)) lag -= 1;
  const y = height(curve[lag]), below = curve[lag] < curve[lag >> 1];
  if (lag > 75) return { x: Math.min(lag, 99), y: Math.min(97, Math.max(4, y + (below ? 6 : -4))), anchor: "end" };
  return { x: lag + 2, y: y < 50 ? y + 5 : y, anchor: "start" };
}

// Two names on the same spot: move the lower one down.
function apart(ends) {
  const [upper, lower] = [...ends].sort((a, b) => a.y - b.y);
  if (lower && lower.y - upper.y < 7 && Math.abs(lower.x - upper.x) < 40) lower.y = Math.min(98, upper.y + 7);
}
