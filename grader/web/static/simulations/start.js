// Start every simulation of the page. Its kind names the module.
import { $$ } from "../page.js";

for (const box of $$(".sim")) {
  const { start } = await import(`./${box.dataset.kind}.js`);
  start(box, JSON.parse(box.dataset.settings));
  box.dataset.ready = "";
}
