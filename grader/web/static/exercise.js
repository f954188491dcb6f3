// The exercise: save and check without leaving the page; tests as they end; what others have changed.
import { $, $$, post, speaker } from "./page.js";
import { editor } from "./editor.js";

const exercise = $(".exercise"), desk = $("#desk"), going = $("#going"), verdict = $("#verdict");
const address = exercise.dataset.exercise, box = $(".editor"), problem = $("#problem"), conflict = $("#conflict");
const EVERY = 2000; // milliseconds between looks at what others have changed
const UNSAVED = "Not saved yet. Check saves it, too.";
const say = speaker(going, 250);
let base = desk.dataset.base, saved = "", following = null, last = exercise.dataset.last, pen = null, busy = false;

function complain(text, isConflict = false) {
  problem.replaceChildren();
  if (text) problem.append(Object.assign(document.createElement("p"), { textContent: text }));
  if (conflict) conflict.hidden = !isConflict;
}

function tell(text) {
  const place = $("#saved");
  if (place) place.textContent = text;
}

const edited = () => pen !== null && pen.text !== saved;

function stale() {
  const fresh = $(".fresh", verdict);
  if (!fresh || "stale" in verdict.dataset) return;
  verdict.dataset.stale = "";
  fresh.textContent = fresh.dataset.staleText;
}

// Send a form and read the answer. A server that has stopped is told, too.
async function ask(path, fields) {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRF": document.body.dataset.csrf, accept: "application/json" };
  try {
    const answer = await fetch(path, { method: "POST", body, headers });
    if (answer.headers.get("content-type")?.includes("json")) return await answer.json();
    return { problem: (await answer.text()).trim() };
  } catch {
    return { problem: "The course has stopped. Start it again with course open; your text is still here." };
  }
}

async function save() {
  const text = pen.text;
  const answer = await ask(`${address}/save`, { code: text, base });
  if (answer.problem) return complain(answer.problem, answer.conflict);
  complain("");
  [base, saved] = [answer.digest, text];
  tell("Saved.");
}

async function check() {
  if (following || busy) return;
  busy = $("#check").disabled = true;
  const text = pen?.text, fields = pen ? { code: text, base } : {};
  const answer = await ask(`${address}/check`, fields);
  busy = $("#check").disabled = false;
  if (answer.problem) return complain(answer.problem, answer.conflict);
  complain("");
  if (pen) { [base, saved] = [answer.digest, text]; tell("Saved."); } else base = answer.digest || base;
  follow(answer.check);
}

function follow(number) {
  const button = $("#check");
  let total = 0, done = 0;
  const failed = new Set();
  button.disabled = true;
  going.classList.remove("hush"); // afterwards it only speaks: the verdict is there to be seen
  going.textContent = "Checking: loading your code …";
  const events = following = new EventSource(`${address}/events/${number}`);
  events.addEventListener("total", event => {
    total = JSON.parse(event.data).total; // a check that begins again has no results yet
    done = 0;
    failed.clear();
  });
  events.addEventListener("test", event => {
    const test = JSON.parse(event.data);
    done += 1;
    if (!test.passed) failed.add(test.function);
    const wrong = failed.size ? ` Not yet: ${[...failed].join(", ")}.` : "";
    say(`Checking: ${done} of ${total} tests.${wrong}`);
  });
  const over = () => {
    events.close();
    following = null;
    button.disabled = false;
    going.classList.add("hush");
    say("");
  };
  events.addEventListener("end", async event => {
    over();
    const told = JSON.parse(event.data).problem;
    if (told) complain(told[0].toUpperCase() + told.slice(1) + (told.endsWith(".") ? "" : "."));
    await show(true);
  });
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) { over(); going.textContent = ""; }
  });
}

// Show the newest verdict. The functions that the reader has opened stay open.
async function show(isNew) {
  const answer = await fetch(`${address}/verdict`).catch(() => null);
  if (!answer?.ok) return;
  const scroll = scrollY, open = isNew ? [] : $$("details.func[open]", verdict).map(each => each.id);
  verdict.innerHTML = await answer.text(); // of this server, which escapes every text in it
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  last = $(".verdict", verdict)?.dataset.attempt || "";
  delete verdict.dataset.stale;
  if (edited()) stale();
  const points = $("#verdict-t", verdict)?.textContent.trim();
  ribbon();
  if (isNew && points) {
    say(`${points}. ${$(".fresh", verdict)?.textContent || ""}`);
    if (innerWidth < 1200) verdict.scrollIntoView({ block: "start" });
  } else scrollTo(0, scroll);
}

// The pieces of the header's ribbon follow the verdict.
function ribbon() {
  const pieces = $$(".ribbon rect"), functions = $$("details[data-function]", verdict);
  if (pieces.length === functions.length) functions.forEach((each, i) => { pieces[i].setAttribute("class", $(".sign.ok", each) ? "done" : "miss"); });
  const points = $("#verdict-t", verdict)?.textContent.replace("✓", "").trim(), place = $(".place .num");
  if (place && points) place.textContent = points;
}

// Load the file from the disk in place of what is in the editor.
async function takeDisk() {
  const answer = await fetch(`${address}/file`).then(it => it.json()).catch(() => null);
  if (!answer || answer.problem) return complain(answer?.problem || "The file cannot be loaded now.");
  base = answer.digest;
  if (pen) saved = pen.text = answer.text;
  complain("");
  tell("Loaded from the disk.");
  stale();
}

// See what a terminal, another editor or another tab has done.
async function look() {
  if (document.hidden || following || busy) return;
  const now = await fetch(`${address}/state`).then(it => it.ok ? it.json() : null).catch(() => null);
  if (!now || following || busy) return;
  if (now.last !== last) await show(false);
  if (now.check) follow(now.check);
  else if (now.digest !== base && !now.problem) {
    if (!pen) { base = now.digest; stale(); check(); } // a notebook is checked at every save
    else if (!edited()) await takeDisk();
    else if (conflict.hidden) complain(`${$("label[for=code]").textContent} has changed on the disk since this page loaded it. Nothing of yours is lost: load the file, or save yours over it.`, true);
  }
}

function changed() {
  stale();
  if (edited() && $("#saved").textContent !== UNSAVED) tell(UNSAVED);
}

if (box) {
  pen = editor(box, { check, save, changed });
  saved = $("#code").defaultValue;
  $("#save").addEventListener("click", event => { event.preventDefault(); save(); });
  $("#take-disk").addEventListener("click", takeDisk);
  $("#keep-mine").addEventListener("click", async event => {
    event.preventDefault();
    const now = await fetch(`${address}/state`).then(it => it.json()).catch(() => null);
    if (now) base = now.digest;
    save();
  });
  addEventListener("beforeunload", event => { if (edited()) event.preventDefault(); });
}
desk.addEventListener("submit", event => { event.preventDefault(); check(); });
verdict.addEventListener("submit", async event => {
  if (!event.target.matches(".hint")) return;
  event.preventDefault();
  const path = event.target.action, name = event.target.elements.function.value;
  const answer = await post(path, new FormData(event.target)).catch(() => null);
  if (!answer?.ok) return;
  await show(false);
  const help = document.getElementById(`help-of-${name}`);
  const rung = $$(".ladder li, .example, .solution", help).at(-1);
  if (rung) { rung.tabIndex = -1; rung.focus(); }
});
addEventListener("hashchange", openTarget);
function openTarget() { document.getElementById(location.hash.slice(1))?.setAttribute("open", ""); }
if (location.hash.startsWith("#help-")) openTarget();
if (exercise.dataset.check) follow(exercise.dataset.check);
setInterval(look, EVERY);
