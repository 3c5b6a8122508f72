/**
 * A licence in words that people know.
 * @typedef {{short: string, long: string, full: string}} PlainLicence  For a narrow photo, for a wide one, and as a
 *   sentence.
 */

const FREE = /\b(cc0|pdm|public domain|us government|united states government)\b/i;

/** What the letters of Creative Commons ask for: on a narrow photo, on a wide one, and as a sentence. */
const PARTS = /** @type {const} */ ([
  ["BY", "Free, credit", "name the author", "name the author"],
  ["SA", "Share alike", "same licence", "give what you make of it the same licence"],
  ["ND", "No changes", "unchanged", "leave it unchanged"],
]);

/**
 * What somebody may do with a photo, told by its licence's short name. A name that is not known is said as it is.
 * @param {string} name  Such as "CC BY-NC 2.0"; "" where no source says it.
 * @returns {PlainLicence}
 */
export function plainLicence(name) {
  const licence = name.trim();
  if (!licence)
    return {
      short: "Ask first",
      long: "Licence unknown: ask",
      full: "No licence is given: ask its owner before you use it.",
    };
  if (/^no (known )?copyright/i.test(licence))
    return { short: "No known limits", long: "No known limits", full: `${licence}, as far as is known.` };
  if (FREE.test(licence)) return { short: "Free", long: "Free to use", full: "Free to use for anything." };
  if (/all rights reserved/i.test(licence))
    return {
      short: "Ask first",
      long: "All rights reserved",
      full: "All rights reserved: ask its owner before you use it.",
    };
  const letters = /^CC[ -](BY(?:-(?:NC|SA|ND))*)(?![A-Za-z]|-[A-Za-z])/i.exec(licence)?.[1]?.toUpperCase().split("-");
  if (!letters) return { short: licence, long: licence, full: `Its licence: ${licence}.` };
  const asked = PARTS.filter(([letter]) => letters.includes(letter));
  const commercial = !letters.includes("NC");
  const full = `${[`Free to use${commercial ? "" : ", but not for business"}`, ...asked.map((part) => part[3])].join("; ")}.`;
  // All of these ask to name the author; that there is a limit to what it may be used for comes first.
  if (!commercial) return { short: "No business", long: "Not for business", full };
  // All ask to name the author; where there is no room, only what is asked beyond that is said.
  const short = asked.at(-1)?.[1] ?? licence;
  return { short, long: ["Free", ...asked.map((part) => part[2])].join(", "), full };
}
