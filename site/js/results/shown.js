/**
 * What must not be shown as it is: control characters, line ends, bytes that are no text, and marks that turn the
 * direction of writing.
 */
const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name of a file such that it says what it is; py/lookalike/shown.py does the same.
 * @param {string} name
 */
export function shown(name) {
  return name.replace(HIDDEN, escaped);
}

/** @param {string} character */
function escaped(character) {
  const code = character.charCodeAt(0);
  // A byte, as Python gives it.
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
  return short ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
}

/**
 * @param {number} number
 * @param {number} digits
 */
function hex(number, digits) {
  return number.toString(16).padStart(digits, "0");
}
