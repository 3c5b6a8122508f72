/**
 * Gets a network out of the Node package nsfwjs: `node nsfw.mjs SITE MODEL OUT`, where SITE is the folder that has
 * `node_modules`, and MODEL one that the package exports. What it writes is JSON as TensorFlow.js has it: a
 * `modelTopology`, a `weightsManifest`, and the weights themselves as base64.
 */

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [site, model, out] = process.argv.slice(2);
const require = createRequire(resolve(site, "package.json"));
const exported = Object.values(require(`nsfwjs/models/${model}`)).find((value) => value?.modelJson);
const { default: json } = await exported.modelJson();
const parts = await Promise.all(exported.weightBundles.map((load) => load()));
// Each part ends where three bytes do, or not: so the bytes are put together, and not the texts.
const weights = Buffer.concat(parts.map((part) => Buffer.from(part.default, "base64")));
await writeFile(out, JSON.stringify({ ...json, weights: weights.toString("base64") }));
