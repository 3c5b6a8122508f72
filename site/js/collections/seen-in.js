/** @import {PhotoEntry} from "../shelf/records.js" */

/** @type {Map<string, Promise<string[]>>} */
const known = new Map();

/**
 * The names of the classes of a network; none where this site does not have it.
 * @param {string} model
 * @returns {Promise<string[]>}
 */
export function labelsOf(model) {
  const labels = known.get(model) ?? read(model);
  known.set(model, labels);
  return labels;
}

/** @param {string} model  @returns {Promise<string[]>} */
async function read(model) {
  try {
    const response = await fetch(new URL(`models/${encodeURIComponent(model)}.json`, document.baseURI));
    const { labels } = response.ok ? await response.json() : { labels: [] };
    return Array.isArray(labels) ? labels : [];
  } catch {
    return [];
  }
}

/**
 * What the network sees in a photo, most probable first.
 * @param {Pick<PhotoEntry, "classes">} entry  Its classes are packed as py/lookalike/collections/collection.py says.
 * @param {string[]} labels  Several synonyms of one class are parted by ", ".
 */
export function seenIn({ classes }, labels) {
  const view = new DataView(classes.buffer, classes.byteOffset, classes.byteLength);
  return Array.from({ length: classes.byteLength / 4 }, (_, i) => ({
    label: labels[view.getUint16(4 * i, true)]?.split(", ")[0] ?? "",
    probability: float16(view.getUint16(4 * i + 2, true)),
  })).filter(({ label }) => label);
}

/**
 * A float16 of its bits, for probabilities: neither negative nor infinite.
 * @param {number} bits
 */
function float16(bits) {
  const [exponent, fraction] = [(bits >> 10) & 0x1f, bits & 0x3ff];
  return exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024);
}
