/**
 * The classifier's worker: it looks at pictures that services sent, and says how likely each is not safe to look at.
 *
 * It has an onnxruntime-web of its own, so that it takes no turn of the network that the engine waits for.
 */

import { compiling, fetchFile, fetchJson, StartError } from "../client/start-up.js";
import { loadRuntime } from "../vision/runtime.js";
import { prepared } from "./prepared.js";

/** @import {Input, Pixels} from "./prepared.js" */
/** @typedef {import("onnxruntime-web").InferenceSession} Session */
/** @typedef {{type: "load"} | {type: "judge", id: number, bytes: Uint8Array<ArrayBuffer>}} ToSafety */
/** @typedef {{type: "judged", id: number, unsafe: boolean} | {type: "broken", message: string}} FromSafety */
/** @typedef {Input & {unsafe: {threshold: number, weights: number[]}}} Spec  models/nsfw.json. */
/** @typedef {(pixels: Pixels) => Promise<boolean>} Classifier  Whether a picture is likely unsafe. */

const NAME = "nsfw";
/**
 * An ONNX file that does nothing: an Identity. The runtime compiles its WebAssembly for the first file that it opens.
 */
const NOTHING = "CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBE=";
/** Of a colour's 256 steps: so much may the canvas be off. More, and the browser hides from pages what they draw. */
const NOISE = 8;
/** Pixels of the longest side: a thumbnail is smaller, but services send what they like. */
const LARGEST = 1024;

/**
 * The bootstrap calls this once. The runtime is loaded at once, the network when it is asked for.
 * @param {{base: string, page: MessagePort}} options  Where the site lies, and who asks.
 */
export function start({ base, page }) {
  const runtime = compiled(base);
  runtime.catch(() => {});
  /** @type {Promise<Classifier> | null} */
  let classifier = null;
  const loaded = () => (classifier ??= load(base, runtime));
  /** @type {(message: FromSafety) => void} */
  const post = (message) => page.postMessage(message);
  // One after another: they are asked for in the order in which they are needed.
  let last = Promise.resolve();
  page.onmessage = (event) => {
    /** @type {ToSafety} */
    const message = event.data;
    last = last.then(async () => {
      try {
        const classify = await loaded();
        if (message.type === "judge")
          post({ type: "judged", id: message.id, unsafe: await isUnsafe(classify, message.bytes) });
      } catch (error) {
        post({
          type: "broken",
          message: error instanceof StartError ? error.message : `It could not be run (${error}).`,
        });
      }
    });
  };
}

/**
 * @param {string} base
 * @param {Promise<typeof import("onnxruntime-web")>} runtime
 * @returns {Promise<Classifier>}
 */
async function load(base, runtime) {
  if (!canReadPixels()) throw new StartError("This browser does not let the page read pictures.", "blocked");
  const [ort, weights, text] = await Promise.all([
    runtime,
    fetchFile(`${base}models/${NAME}.onnx`).then((response) => response.arrayBuffer()),
    fetchJson(`${base}models/${NAME}.json`),
  ]);
  /** @type {Spec} */
  const spec = JSON.parse(text);
  const session = await opened(ort, weights);
  const shape = [1, 3, spec.size, spec.size];
  return async (pixels) => {
    const { classes } = await session.run({ image: new ort.Tensor("float32", prepared(pixels, spec), shape) }, [
      "classes",
    ]);
    const probabilities = /** @type {Float32Array} */ (classes?.data);
    return likelihood(probabilities, spec.unsafe.weights) >= spec.unsafe.threshold;
  };
}

/**
 * The runtime, ready to open a file: what takes longest of it is done while the services are asked.
 * @param {string} base
 */
async function compiled(base) {
  const ort = await loadRuntime(base);
  const nothing = Uint8Array.from(atob(NOTHING), (character) => character.charCodeAt(0));
  const session = await compiling("ort-wasm-simd-threaded.wasm", () => ort.InferenceSession.create(nothing));
  await session.release();
  return ort;
}

/**
 * @param {typeof import("onnxruntime-web")} ort
 * @param {ArrayBuffer} weights
 */
async function opened(ort, weights) {
  try {
    return await ort.InferenceSession.create(new Uint8Array(weights));
  } catch (error) {
    throw new StartError(`The file ${NAME}.onnx is broken (${error}).`);
  }
}

/**
 * @param {Float32Array} probabilities  One for each class.
 * @param {number[]} weights  How much each counts.
 */
function likelihood(probabilities, weights) {
  return weights.reduce((sum, weight, i) => sum + weight * (probabilities[i] ?? 0), 0);
}

/**
 * @param {Classifier} classify
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function isUnsafe(classify, bytes) {
  let image;
  try {
    image = await createImageBitmap(new Blob([bytes]));
  } catch {
    // Nor can the page draw it.
    return false;
  }
  const pixels = drawn(image);
  image.close();
  return classify(pixels);
}

/**
 * The pixels of the first picture of a file, on white where it is transparent.
 * @param {ImageBitmap} image
 * @returns {Pixels}
 */
function drawn(image) {
  const scale = Math.min(1, LARGEST / Math.max(image.width, image.height));
  const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  const context = contextOf(width, height);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Some browsers give noise for what a page reads from a canvas, so that it cannot be told from others by that. */
function canReadPixels() {
  const context = contextOf(2, 2);
  context.fillStyle = "rgb(200, 100, 50)";
  context.fillRect(0, 0, 2, 2);
  const { data } = context.getImageData(0, 0, 2, 2);
  return data.every((value, i) => Math.abs(value - /** @type {number} */ ([200, 100, 50, 255][i % 4])) <= NOISE);
}

/**
 * @param {number} width
 * @param {number} height
 */
function contextOf(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new StartError("This browser does not let the page read pictures.", "blocked");
  return context;
}
