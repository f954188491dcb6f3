// What all simulations need: numbers in their places, and the veil.
import { $, $$, speaker } from "../page.js";
import { num } from "./words.js";

// Put numbers into the places that name them: <b data-n="c" data-digits="3">.
export function show(box, values) {
  for (const place of $$("[data-n]", box)) {
    if (place.dataset.n in values) place.textContent = num(values[place.dataset.n], place.dataset.digits ?? 2);
  }
}

// Tell what a picture shows: at once to the eye, to screen readers once the reader has stopped moving.
export function teller(live) {
  const seen = live.cloneNode();
  seen.removeAttribute("role");
  seen.removeAttribute("data-part");
  seen.ariaHidden = "true";
  live.before(seen);
  live.classList.replace("tell", "hush");
  const say = speaker(live);
  return text => {
    seen.textContent = text;
    say(text);
  };
}

export function set(element, attributes) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
}

export const path = points => "M" + points.map(([x, y]) => `${x} ${+y.toFixed(4)}`).join("L");

// Call `act` with the setting that the prediction is about: once one is made, or at once if there is one. Only then do
// the controls work, and "Start again" leads back to it. The setting may tell the answer, so the page holds it only after that.
export function predicted(box, settings, act) {
  const free = then => {
    box.classList.remove("veiled");
    for (const controls of $$("fieldset.controls", box)) controls.disabled = false;
    act(then);
    $("[data-do=again]", box)?.addEventListener("click", () => act(then));
  };
  if (!box.classList.contains("veiled")) return free(settings.then);
  return new MutationObserver(async (_, observer) => {
    const question = $(".q", box), { state } = question.dataset;
    if (state === "open" || (state === "wrong" && $$('[data-verdict="wrong"]', question).length < 2)) return;
    observer.disconnect();
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    free(JSON.parse(page.getElementById(box.id).dataset.settings).then);
  }).observe(box, { childList: true });
}
