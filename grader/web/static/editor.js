// A text area made good: a painted copy below it, line numbers, indentation. Undo stays the browser's own.
import { $ } from "./page.js";
import { afterEnter, pieces, shifted } from "./python.js";

// Typed text goes through the browser, so that it can be undone.
function type(area, text) {
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

const MANY = 60_000; // characters, beyond which each key would wait for the painter

function paint(box, area) {
  const plain = area.value.length > MANY;
  box.classList.toggle("plain", plain);
  if (plain) { area.rows = 36; return; }
  const rows = area.value.split("\n");
  area.rows = rows.length;
  area.cols = Math.max(20, ...rows.map(row => row.length + 3 * (row.split("\t").length - 1))) + 1;
  const lines = $(".lines", box), ink = $(".ink", box);
  if (lines.textContent.split("\n").length !== rows.length || !lines.textContent) lines.textContent = rows.map((_, i) => i + 1).join("\n");
  ink.replaceChildren(...pieces(area.value).map(([kind, text]) => {
    if (!kind) return text;
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = text;
    return span;
  }), "\n");
}

// Select whole lines and indent them, or take a step of indentation away.
function shift(area, out) {
  const { value, selectionStart, selectionEnd } = area;
  const begin = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const last = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
  const next = value.indexOf("\n", last), end = next < 0 ? value.length : next;
  const before = value.slice(begin, end), after = shifted(before, out);
  if (before === after) return;
  area.setSelectionRange(begin, end);
  type(area, after);
  const one = selectionStart === selectionEnd;
  const place = Math.max(begin, selectionStart + after.length - before.length);
  if (one) area.setSelectionRange(place, place);
  else area.setSelectionRange(begin, begin + after.length);
}

// Scroll to a line that has just begun: no browser does this for text that a script has typed.
function showStart(box, area) {
  const lines = area.value.slice(0, area.selectionStart).split("\n").length;
  box.scrollLeft = 0;
  box.scrollTop = Math.max(box.scrollTop, (lines + 1) * area.clientHeight / area.rows - box.clientHeight);
}

export function editor(box, { check, save, changed }) {
  const area = $("textarea", box);
  let leaving = false, composing = false;
  area.addEventListener("compositionstart", () => { composing = true; });
  area.addEventListener("compositionend", () => { composing = false; });
  area.addEventListener("keydown", event => {
    if (composing) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && command) { event.preventDefault(); check(); }
    else if (event.key.toLowerCase() === "s" && command && !event.altKey) { event.preventDefault(); save(); }
    else if (event.key === "Tab" && !leaving && !command && !event.altKey) {
      event.preventDefault();
      const column = area.selectionStart - area.value.lastIndexOf("\n", area.selectionStart - 1) - 1;
      if (event.shiftKey || area.value.slice(area.selectionStart, area.selectionEnd).includes("\n")) shift(area, event.shiftKey);
      else type(area, " ".repeat(4 - column % 4));
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      type(area, afterEnter(area.value.slice(0, area.selectionStart)));
      showStart(box, area);
    }
    leaving = event.key === "Escape" || (leaving && event.key === "Shift");
  });
  area.addEventListener("blur", () => { leaving = false; });
  area.addEventListener("input", () => { paint(box, area); changed(); });
  paint(box, area);
  return {
    get text() { return area.value; },
    // Another text in place of all, as after the file has changed on the disk.
    set text(value) {
      const { selectionStart } = area, { scrollTop } = box;
      area.value = value;
      area.setSelectionRange(selectionStart, selectionStart);
      box.scrollTop = scrollTop;
      paint(box, area);
    },
  };
}
