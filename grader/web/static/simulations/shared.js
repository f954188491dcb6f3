// What all simulations need: numbers in words, numbers in places, and the veil.
import { $, $$ } from "../page.js";

export const num = (x, digits = 3) => x.toFixed(digits).replace(/^-0(\.0*)?$/, "0$1").replace("-", "\u2212");

// A number of any size with two digits: 0.36, 81, 4.7e−15
export function short(x) {
  if (!x || (Math.abs(x) >= 0.01 && Math.abs(x) < 1000)) return num(x, Math.abs(x) >= 10 ? 0 : 2);
  return x.toExponential(1).replace("+", "").replace("-", "\u2212");
}

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

// Call `act` once a prediction is made, or at once if there is one. Only then do the controls work.
export function predicted(box, act) {
  const free = () => {
    box.classList.remove("veiled");
    for (const controls of $$("fieldset.controls", box)) controls.disabled = false;
    act();
  };
  if (!box.classList.contains("veiled")) return free();
  return new MutationObserver((_, observer) => {
    if ($(".q", box).dataset.state === "open") return;
    observer.disconnect();
    free();
  }).observe(box, { childList: true });
}
