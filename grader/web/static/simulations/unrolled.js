// A recurrent network with one unit, unrolled. The picture is in the page; here its numbers are computed and set.
import { $, $$ } from "../page.js";
import { simple } from "./cells.js";
import { predicted, set, show, teller } from "./shared.js";
import { num, unrolledWords } from "./words.js";

const LARGEST = 2, STATE = 48, INPUT = 15; // pixels per unit of a state and of an input

export function start(box, settings) {
  const x = [...settings.inputs], last = x.length - 1, pale = $(".pale", box), tell = teller($(".tell", box));
  const given = { wx: settings.input_weight, wh: settings.recurrent_weight, b: settings.bias }, weights = { ...given };
  const columns = $$("[data-step]", box), flows = $$("[data-flow]", box), rows = $$("tbody tr", box);
  const back = $("[data-do=back]", box), next = $("[data-do=next]", box), fields = $$(".un-inputs input", box);
  let at = settings.shown - 1, most = at, was = [];

  function draw() {
    const steps = simple(x, weights.wx, weights.wh, weights.b);
    steps.forEach(({ input, before, sum, after }, i) => {
      const column = columns[i], later = i > at;
      column.classList.toggle("later", later);
      column.classList.toggle("here", i === at);
      bar($("[data-bar=state]", column), 66, STATE * after);
      bar($("[data-bar=input]", column), 204, INPUT * input);
      const ghost = $("[data-bar=was]", column);
      ghost.classList.toggle("none", was[i] === undefined || Math.abs(was[i] - after) < 0.005);
      bar(ghost, 66, STATE * (was[i] ?? 0));
      if (!later && !ghost.classList.contains("none")) pale.hidden = false;
      set($("text", column), { y: Math.min(66 - STATE * after, 66) - 6 });
      $("text", column).textContent = num(after, 2);
      if (i < last) set(flows[i], { "stroke-width": i < at ? 2 + 6 * Math.min(1, Math.abs(weights.wh * after)) : 1.5 });
      flows[i]?.classList.toggle("later", i >= at);
      if (document.activeElement !== fields[i]) fields[i].value = input;
      rows[i].hidden = later;
      [input, before, sum, after].forEach((value, k) => { rows[i].cells[k + 1].textContent = num(value, k ? 3 : 1); });
    });
    show(box, { ...weights, ...steps[at], at: at + 1 });
    back.disabled = at === 0;
    next.disabled = at === most;
    tell(unrolledWords(steps, at));
  }

  const states = () => simple(x, weights.wx, weights.wh, weights.b).map(step => step.after);
  const put = (i, value) => {
    if (Number.isNaN(value)) return;
    x[i] = Math.round(10 * Math.max(-LARGEST, Math.min(LARGEST, value))) / 10;
    at = Math.max(at, i);
    draw();
  };
  columns.forEach((column, i) => {
    const grab = $(".grab", column);
    const pull = event => put(i, (34 - event.clientY + grab.getBoundingClientRect().top) / INPUT);
    fields[i].addEventListener("input", event => put(i, event.target.valueAsNumber));
    fields[i].addEventListener("blur", () => draw());
    grab.addEventListener("pointerdown", event => {
      if (box.classList.contains("veiled")) return;
      grab.setPointerCapture(event.pointerId);
      was = states();
      pull(event);
    });
    grab.addEventListener("pointermove", event => { if (grab.hasPointerCapture(event.pointerId)) pull(event); });
  });
  for (const slider of $$(".slide input", box)) {
    slider.addEventListener("pointerdown", () => { was = states(); }); // pale: the setting before
    slider.addEventListener("input", () => { weights[slider.name] = slider.valueAsNumber; draw(); });
  }
  back.addEventListener("click", () => { at -= 1; draw(); });
  next.addEventListener("click", () => { at += 1; draw(); });
  draw();
  predicted(box, settings, then => {
    was = states();
    x.splice(0, x.length, ...settings.inputs);
    Object.assign(weights, { ...given, wh: then });
    for (const slider of $$(".slide input", box)) slider.value = weights[slider.name];
    at = most = last;
    draw();
  });
}

// A bar stands on its base, or hangs below it.
function bar(rect, base, size) {
  set(rect, { y: base - Math.max(0, size), height: Math.abs(size) });
  rect.classList.toggle("neg", size < 0);
}
