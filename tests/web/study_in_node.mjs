// Runs trained networks in study.js: reads {networks, settings, from} as JSON from stdin.
import { readFileSync } from "node:fs";

const { Predictor, Study, waveOf } = await import(process.argv[2]);
const { networks, settings, from } = JSON.parse(readFileSync(0, "utf8"));
const results = networks.map((network) => {
  const predictor = new Predictor(network);
  return settings.map((setting) => {
    const values = waveOf(network, setting, 150, 110);
    const study = new Study(predictor, values);
    study.roll(from);
    study.work();
    return { values: [...values], ahead: [...study.ahead], rolled: [...study.rolled], errors: study.errors(from) };
  });
});
process.stdout.write(JSON.stringify(results));
