// What all simulations need: numbers in their places, and the veil.
import { $, $$ } from "../page.js";
import { num } from "./words.js";

// Put numbers into the places that name them: <b data-n="c" data-digits="3">.
export function show(box, values) {
  for (const place of $$("[data-n]", box)) {
    if (place.dataset.n in values) place.textContent = num(values[place.dataset.n], place.dataset.digits ?? 2);
  }
}

export function set(element, attributes) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
}

export const path = points => "M" + points.map(([x, y]) => `${x} ${+y.toFixed(4)}`).join("L");

// Call `act` with the setting that the prediction is about: once one is made, or at once if there is one. Only then do
// the controls work. The setting may tell the answer, so the page holds it only after that.
export function predicted(box, settings, act) {
  const free = then => {
    box.classList.remove("veiled");
    for (const controls of $$("fieldset.controls", box)) controls.disabled = false;
    act(then);
  };
  if (!box.classList.contains("veiled")) return free(settings.then);
  return new MutationObserver(async (_, observer) => {
    if ($(".q", box).dataset.state === "open") return;
    observer.disconnect();
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    free(JSON.parse(page.getElementById(box.id).dataset.settings).then);
  }).observe(box, { childList: true });
}
