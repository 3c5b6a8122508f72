/**
 * Makes onnxruntime-web's WebAssembly file smaller: `node slim_runtime.mjs ORT FOLDER`, where ORT has onnxruntime-web's
 * files, and FOLDER the networks, each an .onnx file with what it takes beside it (.json), and nothing else.
 *
 * Three quarters of the file compute what no network here needs, and no list says which. So all is run that the page does:
 * each network with one photo and with several, each of its layers alone, also by what is shortened to it, and what can be wrong with a network or with what
 * it is given. What has run, and whatever that calls, stays. Then the smaller file has to give the very same numbers.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { shortened } from "../../site/js/vision/shortened.js";
import { marked, ranOf, without } from "./wasm_functions.mjs";

const WASM = "ort-wasm-simd-threaded.wasm";
/** Photos a run: the product of a matrix is cut otherwise for one, for few and for many. */
const BATCHES = [1, 2, 5];

const [folder, given] = process.argv.slice(2).map((path) => resolve(path));
const networks = readdirSync(given)
  .filter((name) => name.endsWith(".onnx"))
  .sort()
  .map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(given, name))),
    takes: JSON.parse(readFileSync(join(given, name.replace(/onnx$/, "json")), "utf8")),
  }));
const whole = new Uint8Array(readFileSync(join(folder, WASM)));

const { ort, exports } = await runtime(marked(whole), "marked");
const expected = await runAll(ort);
await fail(ort);
const slim = without(whole, ranOf(exports()));
const found = await runAll((await runtime(slim, "slim")).ort);
if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error("the smaller runtime computes something else");
writeFileSync(join(given, WASM), slim);

/**
 * onnxruntime-web on this WebAssembly file, as the page sets it up.
 * @param {Uint8Array} file
 * @param {string} name  Each has a module of its own.
 */
async function runtime(file, name) {
  const { instantiate } = WebAssembly;
  let instance;
  WebAssembly.instantiate = async (...what) => {
    const made = await instantiate(...what);
    instance = made.instance;
    return made;
  };
  const ort = await import(`${pathToFileURL(join(folder, "ort.wasm.min.mjs"))}?${name}`);
  Object.assign(ort.env.wasm, { wasmBinary: file, wasmPaths: `${pathToFileURL(folder)}/`, numThreads: 1 });
  ort.env.logLevel = "fatal";
  return { ort, exports: () => instance.exports };
}

/** Run each network in all ways; gives a sum of each output. */
async function runAll(ort) {
  const sums = [];
  for (const { name, bytes, takes } of networks) {
    const session = await ort.InferenceSession.create(bytes.slice());
    for (const [feeds, layers] of runsOf(ort, takes)) {
      const outputs = await session.run(feeds, layers);
      sums.push(
        name,
        ...layers.map((layer) => String(outputs[layer].data.reduce((sum, x, i) => sum + x * ((i % 97) + 1), 0))),
      );
    }
    await session.release();
    for (const layer of Object.keys(takes.layers ?? {})) {
      const short = await ort.InferenceSession.create(shortened(bytes, [layer]));
      await short.run(photosOf(ort, takes.size, 1), [layer]);
      await short.release();
    }
  }
  return sums;
}

function runsOf(ort, { size, layers, length }) {
  if (length) return [[textOf(ort, length), ["text_embeds"]]];
  const names = Object.keys(layers);
  return [
    ...names.map((name) => [photosOf(ort, size, 1), [name]]),
    ...BATCHES.map((count) => [photosOf(ort, size, count), names]),
  ];
}

function photosOf(ort, size, count) {
  const pixels = Float32Array.from(
    { length: count * 3 * size * size },
    (_, i) => Math.sin(i * 0.37) + (i % 7) / 7 - 0.4,
  );
  return { image: new ort.Tensor("float32", pixels, [count, 3, size, size]) };
}

function textOf(ort, length) {
  return {
    input_ids: new ort.Tensor(
      "int64",
      BigInt64Array.from({ length }, (_, i) => BigInt(i)),
      [1, length],
    ),
  };
}

/** What a person is told where a network's file, or what a scorer gives it, is not what it should be. */
async function fail(ort) {
  const { bytes, takes } = networks.find(({ takes }) => !takes.length);
  const session = await ort.InferenceSession.create(bytes.slice());
  const layers = Object.keys(takes.layers);
  const { size } = takes;
  const tensors = [
    ...[
      [1, 3, size, size + 1],
      [1, 3, size / 2, size * 2],
      [1, 4, size, size],
      [3, size, size],
      [size],
      [1, 1, 3, size, size],
    ].map((shape) => new ort.Tensor("float32", new Float32Array(shape.reduce((a, b) => a * b)), shape)),
    new ort.Tensor("float32", new Float32Array(0), [0, 3, size, size]),
    new ort.Tensor("float32", new Float32Array(3 * size * size).fill(NaN), [1, 3, size, size]),
    new ort.Tensor("float64", new Float64Array(3 * size * size), [1, 3, size, size]),
    new ort.Tensor("uint8", new Uint8Array(3 * size * size), [1, 3, size, size]),
  ];
  for (const image of tensors) await session.run({ image }, layers).catch(() => {});
  await session.run({ image: tensors[0] }, ["no layer"]).catch(() => {});
  await session.run({}, layers).catch(() => {});
  const half = bytes.length >> 1;
  const broken = [
    bytes.slice(0, half),
    bytes.slice(0, 20),
    new Uint8Array(0),
    new Uint8Array(1000),
    new TextEncoder().encode("<!doctype html><p>Not found"),
  ];
  for (const [begin, end] of [
    [0, 50],
    [half, half + 4000],
    [bytes.length - 3000, bytes.length - 1000],
    [1000, 1300],
  ]) {
    broken.push(bytes.slice().fill(0, begin, end), bytes.slice().fill(255, begin, end));
  }
  for (const file of broken) {
    await ort.InferenceSession.create(file).then(
      (made) => made.release(),
      () => {},
    );
  }
}
