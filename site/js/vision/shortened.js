/** Numbers of fields in ONNX files, which are protocol buffers (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5, output: 12 };
const NODE = { input: 1, output: 2 };
const TENSOR_NAME = 8;
const VALUE_NAME = 1;
/** How a field is written: its bytes after their number. */
const BYTES = 2;

/** @typedef {{number: number, whole: Uint8Array, content: Uint8Array}} Field */

/**
 * A network that computes some of its layers and nothing else: onnxruntime computes all, whichever are asked for.
 * @param {Uint8Array} model  An ONNX file.
 * @param {string[]} layers  Some of its outputs.
 * @returns {Uint8Array}
 */
export function shortened(model, layers) {
  return joined(
    fields(model).map((field) =>
      field.number === MODEL.graph ? framed(MODEL.graph, graphOf(field, layers)) : field.whole,
    ),
  );
}

/**
 * @param {Field} graph
 * @param {string[]} layers
 */
function graphOf({ content }, layers) {
  const parts = fields(content);
  const needed = new Set(layers);
  const kept = new Set();
  // A node comes after those that it needs.
  for (const part of [...parts].reverse()) {
    if (part.number !== GRAPH.node) continue;
    const inner = fields(part.content);
    if (!texts(inner, NODE.output).some((name) => needed.has(name))) continue;
    kept.add(part);
    for (const name of texts(inner, NODE.input)) needed.add(name);
  }
  const stays = parts.filter((part) => {
    if (part.number === GRAPH.node) return kept.has(part);
    if (part.number === GRAPH.initializer)
      return texts(fields(part.content), TENSOR_NAME).some((name) => needed.has(name));
    return (
      part.number !== GRAPH.output || texts(fields(part.content), VALUE_NAME).some((name) => layers.includes(name))
    );
  });
  return joined(stays.map(({ whole }) => whole));
}

/**
 * @param {Uint8Array} message
 * @returns {Field[]}
 */
function fields(message) {
  const found = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("the file ends too soon");
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const begin = at;
    const tag = varint();
    const kind = tag % 8;
    let from = at;
    if (kind === 0) varint();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === BYTES) {
      const length = varint();
      from = at;
      at += length;
    } else throw new Error(`a field of the kind ${kind}`);
    found.push({
      number: Math.floor(tag / 8),
      whole: message.subarray(begin, at),
      content: message.subarray(from, at),
    });
  }
  return found;
}

/**
 * @param {Field[]} of
 * @param {number} number
 */
function texts(of, number) {
  const decoder = new TextDecoder();
  return of.filter((field) => field.number === number).map(({ content }) => decoder.decode(content));
}

/**
 * @param {number} number
 * @param {Uint8Array} content
 */
function framed(number, content) {
  const head = [number * 8 + BYTES];
  let length = content.length;
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) + 128);
  head.push(length);
  return joined([Uint8Array.from(head), content]);
}

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
