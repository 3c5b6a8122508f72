/**
 * A vision worker: one network, one onnxruntime-web, one thread.
 *
 * It outlives the engine worker: when that is replaced, the page connects the new one.
 */

import { compiling, countFetched, failure, fetchFile, fetchJson, phase, StartError } from "../client/start-up.js";
import { loadRuntime } from "./runtime.js";
import { serve } from "./serving.js";
import { Sessions } from "./sessions.js";

/** @import {EncodeMessage, FromVision, RunMessage, Tensor, ToVision} from "../protocol.js" */
/** @typedef {typeof import("onnxruntime-web")} Ort */
/** @typedef {import("onnxruntime-web").InferenceSession} Session */
/**
 * @typedef {{ort: Ort, sessions: Sessions, encoder: () => Promise<Session>, tokenizer: () => Promise<(text: string) =>
 *   number[]>}} Network
 */
/**
 * @typedef {{base: string, model: string, counting: boolean, page: MessagePort}} VisionStart  The page sends an
 *   engine's end of a channel.
 */

/** @type {(message: object) => void} */
const post = (message) => self.postMessage(message);

/**
 * Load the network and serve the engine; the bootstrap calls this once.
 * @param {VisionStart} options
 */
export async function start({ base, model, counting, page }) {
  countFetched(counting ? (name, bytes) => post({ type: "received", name, bytes }) : null);
  const network = load(base, model);
  network.catch((error) => post(failure(error)));
  serve(page, (engine, message) => answer(engine, network, message), network, post);
}

/**
 * @param {string} base
 * @param {string} model
 * @returns {Promise<Network>}
 */
async function load(base, model) {
  const [ort, weights] = await Promise.all([
    phase(post, "Vision runtime", () => loadRuntime(base)),
    fetchFile(`${base}models/${model}.onnx`).then((response) => response.arrayBuffer()),
  ]);
  return phase(post, "Model", async () => {
    try {
      /** @param {Uint8Array} file */
      const create = (file) => ort.InferenceSession.create(file);
      const file = new Uint8Array(weights);
      const whole = await compiling("ort-wasm-simd-threaded.wasm", () => create(file));
      return {
        ort,
        sessions: new Sessions(file, whole, create),
        encoder: once(() => loadEncoder(ort, base, model)),
        tokenizer: once(() => loadTokenizer(base, model)),
      };
    } catch (error) {
      // Its own files are loaded only now, too.
      if (error instanceof StartError || String(error).includes("backend")) throw error;
      throw new StartError(`The file ${model}.onnx is broken (${error}).`);
    }
  });
}

/**
 * The encoder of text that goes with the network.
 * @param {Ort} ort
 * @param {string} base
 * @param {string} model
 */
async function loadEncoder(ort, base, model) {
  const weights = await (await fetchFile(`${base}models/${model}.text.onnx`)).arrayBuffer();
  return ort.InferenceSession.create(new Uint8Array(weights));
}

/**
 * What cuts texts into the tokens that this encoder counts by.
 * @param {string} base
 * @param {string} model
 * @returns {Promise<(text: string) => number[]>}
 */
async function loadTokenizer(base, model) {
  const [{ tokenizerOf }, content] = await Promise.all([
    import(`${base}js/tokenizer/tokenizer.js`),
    fetchJson(`${base}models/${model}.tokenizer.json`),
  ]);
  return tokenizerOf(JSON.parse(content));
}

/**
 * Loads something when it is first asked for; again, where that failed.
 * @template T
 * @param {() => Promise<T>} loading
 * @returns {() => Promise<T>}
 */
function once(loading) {
  /** @type {Promise<T> | null} */
  let loaded = null;
  return () => {
    loaded ??= loading().catch((error) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
}

/**
 * @param {MessagePort} port
 * @param {Promise<Network>} network
 * @param {ToVision} message
 */
async function answer(port, network, message) {
  const { id } = message;
  try {
    if (message.type === "tokenize") {
      const { tokenizer } = await network;
      reply(port, { type: "tokens", id, tokens: (await tokenizer())(message.text) });
      return;
    }
    const results =
      message.type === "encode" ? await encode(await network, message) : await run(await network, message);
    /** @type {Record<string, Tensor>} */
    const outputs = {};
    for (const [layer, { data: values, dims }] of Object.entries(results)) {
      outputs[layer] = { data: /** @type {Float32Array} */ (values), shape: [...dims] };
    }
    reply(port, { type: "outputs", id, outputs, ...(message.type === "run" ? { spent: message.data } : {}) });
  } catch (error) {
    reply(port, { type: "refused", id, message: error instanceof StartError ? error.message : String(error) });
  }
}

/**
 * @param {Network} network
 * @param {RunMessage} message
 */
async function run({ ort, sessions }, { data, shape, layers }) {
  const session = await sessions.of(layers);
  return session.run({ image: new ort.Tensor("float32", data, shape) }, layers);
}

/**
 * @param {Network} network
 * @param {EncodeMessage} message
 */
async function encode({ ort, encoder }, { tokens }) {
  const ids = new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]);
  return (await encoder()).run({ input_ids: ids }, ["text_embeds"]);
}

/**
 * @param {MessagePort} port
 * @param {FromVision} message
 */
function reply(port, message) {
  const moved = message.type === "outputs" ? Object.values(message.outputs).map(({ data }) => data) : [];
  if (message.type === "outputs" && message.spent) moved.push(message.spent);
  port.postMessage(message, /** @type {ArrayBuffer[]} */ (moved.map(({ buffer }) => buffer)));
}
