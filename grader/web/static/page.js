// What every page has: the theme at once, and one place that speaks to screen readers.
const root = document.documentElement;
root.classList.add("js");

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

// Send a form's fields to this server, with the token that proves that this page has sent them.
export function post(path, fields = {}) {
  const body = new URLSearchParams(fields);
  return fetch(path, { method: "POST", body, headers: { "X-CSRF": document.body.dataset.csrf } });
}

// Speak into a live region once the reader has stopped moving, not at every pixel.
export function speaker(element, rest = 500) {
  let timer;
  return text => {
    clearTimeout(timer);
    timer = setTimeout(() => { element.textContent = text; }, rest);
  };
}

$(".theme")?.addEventListener("submit", event => {
  event.preventDefault();
  const theme = event.submitter.value;
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=strict`;
  $(`.to-${theme === "dark" ? "light" : "dark"}`).focus();
});
