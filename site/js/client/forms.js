/**
 * Whether a message from the engine is what it should be. The engine runs anybody's code: what it sends is read by
 * the forms that the build derives from the dataclasses of py/lookalike/browser/protocol.py
 * (lookalike_build/forms.py).
 */

/** @typedef {string | Form[] | {[field: string]: Form}} Form  See lookalike_build/forms.py. */
/** @typedef {{messages: Record<string, Record<string, Form>>, classes: Record<string, Form>}} Forms */

/** Characters of a text; what a scorer prints is shown apart, and may be longer. */
const LONGEST_TEXT = 20_000;
const LONGEST_LIST = 200_000;
/** Bytes of a thumbnail. */
const LONGEST_BYTES = 8_000_000;

/**
 * What Python does not send, but the JavaScript around it: js/client/start-up.js and js/engine/worker.js. @type
 * {Record<string, Record<string, Form>>}
 */
const OTHERS = { phase: { name: "str", state: ["names", "started", "done"], ms: "float" }, taken: { serial: "int" } };

/** A message, or a part of one, is not what it should be; the message says which. */
export class Malformed extends Error {}

/**
 * Read a message: what it should hold, and nothing else of it.
 * @param {unknown} message
 * @param {Forms} forms
 * @returns {{type: string} & Record<string, any>}
 * @throws {Malformed}
 */
export function readMessage(message, forms) {
  const type = Object(message).type;
  const known = { ...forms.messages, ...OTHERS };
  const form = typeof type === "string" && Object.hasOwn(known, type) ? known[type] : undefined;
  if (!form) throw new Malformed("a message of no known type");
  return { type, .../** @type {object} */ (read(message, form, forms, type)) };
}

/**
 * @param {unknown} value
 * @param {Form} form
 * @param {Forms} forms
 * @param {string} where
 * @returns {unknown}
 */
function read(value, form, forms, where) {
  if (typeof form === "string") return readNamed(value, form, forms, where);
  if (!Array.isArray(form)) return readFields(value, form, forms, where);
  const [kind, inner = ""] = form;
  if (kind === "maybe") return value === null ? null : read(value, inner, forms, where);
  if (kind === "names") return sure(form.slice(1).includes(/** @type {string} */ (value)), value, where);
  if (kind === "map") {
    const entries = Object.entries(/** @type {object} */ (sure(isRecord(value), value, where)));
    return Object.fromEntries(
      entries.map(([name, each]) => [sure(name.length < LONGEST_TEXT, name, where), read(each, inner, forms, where)]),
    );
  }
  const list = /** @type {unknown[]} */ (sure(Array.isArray(value) && value.length <= LONGEST_LIST, value, where));
  return list.map((each) => read(each, inner, forms, where));
}

/**
 * @param {unknown} value
 * @param {string} form
 * @param {Forms} forms
 * @param {string} where
 */
function readNamed(value, form, forms, where) {
  if (form === "str") return sure(typeof value === "string" && value.length <= LONGEST_TEXT, value, where);
  if (form === "bool") return sure(typeof value === "boolean", value, where);
  if (form === "int") return sure(Number.isSafeInteger(value), value, where);
  // A score may be infinite for a moment, but never anything but a number.
  if (form === "float") return sure(typeof value === "number", value, where);
  if (form === "bytes") return sure(value instanceof Uint8Array && value.length <= LONGEST_BYTES, value, where);
  if (form === "file") return sure(value instanceof Blob, value, where);
  return read(value, forms.classes[form] ?? {}, forms, where);
}

/**
 * @param {unknown} value
 * @param {{[field: string]: Form}} fields
 * @param {Forms} forms
 * @param {string} where
 */
function readFields(value, fields, forms, where) {
  sure(isRecord(value), value, where);
  const record = /** @type {Record<string, unknown>} */ (value);
  return Object.fromEntries(
    Object.entries(fields).map(([name, form]) => [name, read(record[name], form, forms, `${where}.${name}`)]),
  );
}

/** @param {unknown} value */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @template T
 * @param {boolean} fits
 * @param {T} value
 * @param {string} where
 * @returns {T}
 */
function sure(fits, value, where) {
  if (!fits) throw new Malformed(where);
  return value;
}
