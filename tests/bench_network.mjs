/**
 * The milliseconds a photo of the product's own network in onnxruntime-web, and of one of the same shape in TensorFlow.js,
 * in turns: `node bench_network.mjs SITE DIST ROUNDS`, where DIST is the built site. One thread and WebAssembly with SIMD
 * each, in one process, so that what else the machine does hits all alike.
 */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [site, dist, rounds] = process.argv.slice(2);
const LAYER = "conv_16_project";
const RUNS = 5;
const SIZE = 224;
/** For each kind of block: how much wider it gets inside, its channels, how many there are, the first one's stride. */
const BLOCKS = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
];

const { shortened } = await import(pathToFileURL(resolve(site, "js/vision/shortened.js")).href);
const require = createRequire(resolve(site, "package.json"));
const tf = require("@tensorflow/tfjs");
const backend = require("@tensorflow/tfjs-backend-wasm");
console.info = () => {};

/** MobileNetV2 1.0 of TensorFlow.js's layers, with random weights, up to the 320 channels that are compared. */
function mobilenet() {
  const { layers } = tf;
  const bare = { useBias: true, padding: "same" };
  const conv = (filters, kernelSize, strides = 1) => layers.conv2d({ ...bare, filters, kernelSize, strides });
  const relu6 = () => layers.reLU({ maxValue: 6 });
  const input = tf.input({ shape: [SIZE, SIZE, 3] });
  let x = relu6().apply(conv(32, 3, 2).apply(input));
  for (const [wider, filters, times, first] of BLOCKS) {
    for (let time = 0; time < times; time++) {
      const before = x;
      const strides = time ? 1 : first;
      if (wider > 1) x = relu6().apply(conv(x.shape[3] * wider, 1).apply(x));
      x = relu6().apply(layers.depthwiseConv2d({ ...bare, kernelSize: 3, strides }).apply(x));
      x = conv(filters, 1).apply(x);
      if (time) x = layers.add().apply([before, x]);
    }
  }
  return tf.model({ inputs: input, outputs: x });
}

/** The same by plain functions, in which a convolution, its bias and ReLU6 are one operator. */
function fused() {
  const weights = new Map();
  const weight = (name, shape) => {
    if (!weights.has(name)) weights.set(name, tf.keep(tf.randomNormal(shape, 0, 0.05)));
    return weights.get(name);
  };
  const conv = (x, name, filters, size, strides, activation) =>
    tf.fused.conv2d({
      x,
      filter: weight(name, [size, size, x.shape[3], filters]),
      strides,
      pad: "same",
      bias: weight(`${name}_bias`, [filters]),
      activation,
    });
  const depthwise = (x, name, strides) =>
    tf.fused.depthwiseConv2d({
      x,
      filter: weight(name, [3, 3, x.shape[3], 1]),
      strides,
      pad: "same",
      bias: weight(`${name}_bias`, [x.shape[3]]),
      activation: "relu6",
    });
  return (image) =>
    tf.tidy(() => {
      let x = conv(image, "first", 32, 3, 2, "relu6");
      let number = 0;
      for (const [wider, filters, times, first] of BLOCKS) {
        for (let time = 0; time < times; time++) {
          const before = x;
          const name = `block${++number}`;
          if (wider > 1) x = conv(x, `${name}_expand`, x.shape[3] * wider, 1, 1, "relu6");
          x = depthwise(x, `${name}_depthwise`, time ? 1 : first);
          x = conv(x, `${name}_project`, filters, 1, 1, "linear");
          if (time) x = tf.add(before, x);
        }
      }
      return x;
    });
}

/** What runs each network once. @returns {Promise<Record<string, () => Promise<unknown>>>} */
async function contenders() {
  backend.setThreadsCount(1);
  await tf.setBackend("wasm");
  const image = tf.randomUniform([1, SIZE, SIZE, 3], -1, 1);
  const [model, plain] = [mobilenet(), fused()];
  const all = {
    "TF.js, layers": async () => {
      const found = model.predict(image);
      await found.data();
      found.dispose();
    },
    "TF.js, fused": async () => {
      const found = plain(image);
      await found.data();
      found.dispose();
    },
  };
  const runtime = resolve(dist, "ort");
  const ort = await import(pathToFileURL(resolve(runtime, "ort.wasm.min.mjs")).href);
  Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: `${pathToFileURL(runtime)}/` });
  ort.env.logLevel = "error";
  const whole = new Uint8Array(await readFile(resolve(dist, "models/mobilenet_v2.onnx")));
  const data = Float32Array.from({ length: 3 * SIZE * SIZE }, (_, i) => Math.sin(i));
  const photo = new ort.Tensor("float32", data, [1, 3, SIZE, SIZE]);
  for (const [name, file] of [
    ["onnxruntime-web", whole],
    ["onnxruntime-web, shortened", shortened(whole, [LAYER])],
  ]) {
    const session = await ort.InferenceSession.create(file);
    all[name] = () => session.run({ image: photo }, [LAYER]);
  }
  return all;
}

const runs = Object.entries(await contenders());
const times = Object.fromEntries(runs.map(([name]) => [name, []]));
for (let round = -2; round < Number(rounds); round++) {
  for (const [name, run] of runs) {
    // The first rounds warm up. Another program takes time from some of the runs: the quickest had it least.
    let best = Infinity;
    for (let time = 0; time < RUNS; time++) {
      const began = performance.now();
      await run();
      best = Math.min(best, performance.now() - began);
    }
    if (round >= 0) times[name].push(best);
  }
}
console.log(JSON.stringify(times));
