// Questions answered in place. Without this file the same forms load the page again.
import { $, $$ } from "./page.js";

// The page that the server answers with holds the same form in its new state.
async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  form.setAttribute("aria-busy", "true");
  const answer = await fetch(form.action, { method: "POST", body });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(form.id);
  if (!answer.ok || !fresh) throw new Error(answer.status);
  form.replaceWith(fresh);
  place(fresh, button.value);
}

// Say what has changed, and put the focus where the learner reads on.
function place(form, action) {
  const said = $(".status", form);
  const words = [...said.childNodes];
  said.replaceChildren();
  setTimeout(() => said.append(...words), 50); // screen readers tell what a region receives later
  const hints = $$(".ladder li", form);
  if (action === "hint" && hints.length) return focus(hints.at(-1));
  const end = $(".explain", form);
  if (end) return focus(end);
  const tried = $$('[data-verdict="wrong"] .why', form).at(-1) || $(".tries li:last-child", form) || said;
  focus(tried);
}

function focus(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", event => {
  const form = event.target.closest(".q");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy")) return; // once is enough
  const button = event.submitter || $("[name=do]", form);
  send(form, button).catch(() => {
    form.removeAttribute("aria-busy");
    HTMLFormElement.prototype.submit.call(withButton(form, button));
  });
});

// A form that a script submits leaves its button out.
function withButton(form, button) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name: button.name, value: button.value });
  form.append(input);
  return form;
}
