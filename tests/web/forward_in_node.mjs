// Runs models in forward.js: reads [{layers, inputs}] as JSON from stdin, writes all outputs.
import { readFileSync } from "node:fs";

const { decoded, forward } = await import(process.argv[2]);
const flat = (value) => (value instanceof Float64Array ? [...value] : value.flatMap((x) => [...x]));
const samples = JSON.parse(readFileSync(0, "utf8"));
const outputs = samples.map(({ layers, inputs }) => {
  const run = forward(decoded(layers));
  return inputs.map((sequence) => {
    const shown = [];
    const output = flat(run(sequence.map((x) => Float64Array.from(x)), (trace) => shown.push(trace)));
    const last = shown.map(({ names, steps }) => names.map((name) => [...steps.at(-1)[name]]));
    return { output, last };
  });
});
process.stdout.write(JSON.stringify(outputs));
