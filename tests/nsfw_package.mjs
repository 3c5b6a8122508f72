/**
 * What the package nsfwjs itself says of pictures, run by TensorFlow.js, and the tensor that the page's own code
 * makes of each: `node nsfw_package.mjs SITE IN OUT`, where IN is JSON, a list of {width, height, rgb} with the
 * pixels as base64.
 */

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [site, given, out] = process.argv.slice(2);
const require = createRequire(resolve(site, "package.json"));
const tf = require("@tensorflow/tfjs");
require("@tensorflow/tfjs-backend-wasm");
const { load } = require("nsfwjs");
const { prepared } = await import(pathToFileURL(resolve(site, "js/safety/prepared.js")).href);

console.info = () => {};
// The same kernels' results in a twentieth of the time that plain JavaScript takes.
await tf.setBackend("wasm");
const network = await load("MobileNetV2");
const said = [];
for (const { width, height, rgb } of JSON.parse(await readFile(given, "utf8"))) {
  const bytes = Buffer.from(rgb, "base64");
  const tensor = tf.tensor3d(Uint8Array.from(bytes), [height, width, 3], "int32");
  const classes = Object.fromEntries(
    (await network.classify(tensor)).map(({ className, probability }) => [className, probability]),
  );
  tensor.dispose();
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : bytes[(i >> 2) * 3 + (i % 4)],
  );
  const values = prepared({ data: rgba, width, height }, { size: 224, mean: [0, 0, 0], std: [255, 255, 255] });
  said.push({ classes, tensor: Buffer.from(values.buffer).toString("base64") });
}
await writeFile(out, JSON.stringify(said));
