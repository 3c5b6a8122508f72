/**
 * The functions of a WebAssembly file (webassembly.github.io/spec/core/binary): which of them run, and a file that has no
 * others. Their numbers stay as they are, so that nothing that calls them needs to change.
 */

/** @typedef {{id: number, body: Uint8Array}} Section */

/** Of sections, by what they hold. */
const [IMPORTS, GLOBALS, EXPORTS, CODE] = [2, 6, 7, 10];
/** Of what is imported or exported. */
const [FUNCTION, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4];
/** A function without locals whose one instruction is a trap. */
const TRAP = Uint8Array.of(0, 0x00, 0x0b);
/** What a function that ran is exported as: this and its number among those of the file's own. */
const MARK = "ran:";

/**
 * The same program, which marks each function when it runs.
 * @param {Uint8Array} file
 * @returns {Uint8Array}
 */
export function marked(file) {
  const sections = sectionsOf(file);
  const [imports, globals, exports, code] = [IMPORTS, GLOBALS, EXPORTS, CODE].map((id) => sectionOf(sections, id));
  const functions = functionsOf(code.body);
  const [there] = number(globals.body, 0);
  // A number of its own for each, after all that there are.
  const first = importedOf(imports.body)[GLOBAL] + there;
  code.body = listed(
    functions.map((body, i) => {
      const begin = afterLocals(body);
      return sized(joined(body.subarray(0, begin), [0x41, 1, 0x24, ...bytesOf(first + i)], body.subarray(begin)));
    }),
  );
  globals.body = longer(
    globals.body,
    functions.map(() => [0x7f, 1, 0x41, 0, 0x0b]),
  );
  exports.body = longer(
    exports.body,
    functions.map((_, i) => [...sized(new TextEncoder().encode(MARK + i)), GLOBAL, ...bytesOf(first + i)]),
  );
  return fileOf(file, sections);
}

/**
 * The numbers of the functions that have run, among those of the file's own.
 * @param {WebAssembly.Exports} exports  Of a program that `marked` has made.
 * @returns {number[]}
 */
export function ranOf(exports) {
  const names = Object.keys(exports).filter((name) => name.startsWith(MARK));
  return names.filter((name) => exports[name].value).map((name) => Number(name.slice(MARK.length)));
}

/**
 * The program without what is not needed: kept are these functions, those that the file exports, and all that these call by
 * name, and so on. Any other is a trap.
 * @param {Uint8Array} file
 * @param {number[]} ran  As `ranOf` gives them.
 * @returns {Uint8Array}
 */
export function without(file, ran) {
  const sections = sectionsOf(file);
  const [imports, exports, code] = [IMPORTS, EXPORTS, CODE].map((id) => sectionOf(sections, id));
  const functions = functionsOf(code.body);
  const others = importedOf(imports.body)[FUNCTION];
  const kept = new Set(ran);
  const found = [...ran];
  const keep = (called) => {
    const own = called - others;
    if (own < 0 || kept.has(own)) return;
    kept.add(own);
    found.push(own);
  };
  exportedFunctions(exports.body).forEach(keep);
  while (found.length) callsOf(functions[found.pop()], keep);
  code.body = listed(functions.map((body, i) => sized(kept.has(i) ? body : TRAP)));
  return fileOf(file, sections);
}

// -- The file ---------------------------------------------------------------------------------------------------------

function sectionsOf(file) {
  const sections = [];
  for (let at = 8; at < file.length; ) {
    const [size, begin] = number(file, at + 1);
    sections.push({ id: file[at], body: file.subarray(begin, begin + size) });
    at = begin + size;
  }
  return sections;
}

function sectionOf(sections, id) {
  const found = sections.find((section) => section.id === id);
  if (!found) throw new Error(`the file has no section ${id}`);
  return found;
}

function fileOf(file, sections) {
  return joined(file.subarray(0, 8), ...sections.flatMap(({ id, body }) => [[id], sized(body)]));
}

/** The functions' bodies, each from its locals to its end. */
function functionsOf(code) {
  let [count, at] = number(code, 0);
  const bodies = [];
  for (; count > 0; count--) {
    const [size, begin] = number(code, at);
    bodies.push(code.subarray(begin, begin + size));
    at = begin + size;
  }
  return bodies;
}

/** How many are imported of each kind. */
function importedOf(section) {
  let [count, at] = number(section, 0);
  const counts = [0, 0, 0, 0, 0];
  for (; count > 0; count--) {
    at = afterBytes(section, afterBytes(section, at));
    const kind = section[at++];
    counts[kind]++;
    if (kind === FUNCTION) at = after(section, at);
    else if (kind === TABLE) at = afterLimits(section, at + 1);
    else if (kind === MEMORY) at = afterLimits(section, at);
    else if (kind === GLOBAL) at += 2;
    else if (kind === TAG) at = after(section, at + 1);
  }
  return counts;
}

function exportedFunctions(section) {
  let [count, at] = number(section, 0);
  const found = [];
  for (; count > 0; count--) {
    at = afterBytes(section, at);
    const kind = section[at++];
    const [index, end] = number(section, at);
    if (kind === FUNCTION) found.push(index);
    at = end;
  }
  return found;
}

// -- A function -------------------------------------------------------------------------------------------------------

function afterLocals(body) {
  let [groups, at] = number(body, 0);
  for (; groups > 0; groups--) at = after(body, at) + 1;
  return at;
}

/** Instructions that are followed by one number, two numbers (such as an address's alignment and offset), or bytes. */
const one = (op) =>
  op === 0x06 ||
  op === 0x07 ||
  op === 0x08 ||
  op === 0x09 ||
  op === 0x0c ||
  op === 0x0d ||
  op === 0x18 ||
  (op >= 0x02 && op <= 0x04) ||
  (op >= 0x20 && op <= 0x26) ||
  (op >= 0x3f && op <= 0x42) ||
  op === 0xd0;
const two = (op) => op === 0x11 || op === 0x13 || (op >= 0x28 && op <= 0x3e);
const none = (op) =>
  op <= 0x01 ||
  op === 0x05 ||
  op === 0x0a ||
  op === 0x0b ||
  op === 0x0f ||
  op === 0x19 ||
  op === 0x1a ||
  op === 0x1b ||
  (op >= 0x45 && op <= 0xc4) ||
  op === 0xd1;

/** Read the instructions of a function, and tell of each function that they name. */
function callsOf(body, tell) {
  for (let at = afterLocals(body); at < body.length; ) {
    const op = body[at++];
    if (op === 0x10 || op === 0x12 || op === 0xd2) {
      tell(number(body, at)[0]);
      at = after(body, at);
    } else if (one(op)) at = after(body, at);
    else if (two(op)) at = after(body, after(body, at));
    else if (op === 0x0e) at = afterNumbers(body, at, 1);
    else if (op === 0x1c) at = afterNumbers(body, at, 0);
    else if (op === 0x1f) at = afterCatches(body, after(body, at));
    else if (op === 0x43 || op === 0x44) at += op === 0x43 ? 4 : 8;
    else if (op >= 0xfc && op <= 0xfe) at = afterPrefixed(body, at, op);
    else if (!none(op)) throw new Error(`the instruction ${op.toString(16)} is not known here`);
  }
}

function afterNumbers(body, at, more) {
  let [count, end] = number(body, at);
  for (count += more; count > 0; count--) end = after(body, end);
  return end;
}

function afterCatches(body, at) {
  let [count, end] = number(body, at);
  for (; count > 0; count--) end = after(body, body[end] < 2 ? after(body, end + 1) : end + 1);
  return end;
}

/** Instructions of two numbers: memory and conversions, vectors, and what threads share. */
function afterPrefixed(body, at, prefix) {
  const [op, end] = number(body, at);
  const address = () => after(body, after(body, end));
  if (prefix === 0xfc) {
    if (op < 8) return end;
    return op < 16 && op % 2 === 0 ? address() : after(body, end);
  }
  if (prefix === 0xfe) return op === 3 ? end + 1 : address();
  if (op <= 11 || op === 92 || op === 93) return address();
  if (op === 12 || op === 13) return end + 16;
  if (op >= 21 && op <= 34) return end + 1;
  return op >= 84 && op <= 91 ? address() + 1 : end;
}

// -- Bytes ------------------------------------------------------------------------------------------------------------

/** A number (LEB128) and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let place = 1; ; place *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * place;
    if (byte < 128) return [value, at];
  }
}

function after(bytes, at) {
  while (bytes[at] >= 128) at++;
  return at + 1;
}

function afterBytes(bytes, at) {
  const [size, begin] = number(bytes, at);
  return begin + size;
}

function afterLimits(bytes, at) {
  const end = after(bytes, at + 1);
  return bytes[at] & 1 ? after(bytes, end) : end;
}

function bytesOf(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return [...bytes, value];
}

function joined(...parts) {
  return new Uint8Array(Buffer.concat(parts.map((part) => Uint8Array.from(part))));
}

function sized(bytes) {
  return joined(bytesOf(bytes.length), bytes);
}

function listed(parts) {
  return joined(bytesOf(parts.length), ...parts);
}

/** A list with more at its end. */
function longer(list, parts) {
  const [count, begin] = number(list, 0);
  return joined(bytesOf(count + parts.length), list.subarray(begin), ...parts);
}
