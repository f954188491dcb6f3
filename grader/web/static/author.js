// The author's bar follows each save. When the content of the page has changed, the page loads again where it is.
import { $ } from "./page.js";

let events = null;

function take(event) {
  const bar = $("#author"), { stamp, html } = JSON.parse(event.data);
  if (stamp !== bar.dataset.stamp) return location.reload(); // browsers keep the place to which it is scrolled
  const says = $("#author-says").textContent;
  bar.outerHTML = html; // of this server, which escapes every text in it
  const said = $("#author-says"), words = said.textContent;
  if (words !== says) { said.textContent = ""; setTimeout(() => { said.textContent = words; }, 50); }
}

// A tab that nobody sees needs no connection, of which a browser allows six. When it is seen again, it catches up.
function follow() {
  events?.close();
  events = null;
  if (document.hidden) return;
  events = new EventSource(`/author/events?page=${encodeURIComponent(location.pathname)}`);
  events.addEventListener("bar", take);
}

document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", () => events?.close());
follow();
