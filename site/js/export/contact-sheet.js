/** @import {Result} from "../search/result.js" */
/** @import {ExportRecord} from "./export-records.js" */
import { compact, nameOf, plural } from "../ui/format.js";
import { webAddress } from "../results/credit.js";
import { FLICKR_PER_PAGE } from "../flickr.js";

/** Where there are others than Flickr's, it does no harm. */
const PER_SHEET = FLICKR_PER_PAGE;

const STYLE = `
:root { color-scheme: light dark; font: 0.875rem/1.4 system-ui, sans-serif; }
body { max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
summary { margin: 1rem 0; font-weight: 700; cursor: pointer; }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 1.25rem 1rem; margin: 0; padding: 0; list-style: none; }
li { overflow-wrap: anywhere; break-inside: avoid; }
img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; }
a { color: inherit; font-weight: 600; }
p { margin: 0.25rem 0 0; }
.credit { font-size: 0.75rem; opacity: 0.8; }
`;

/**
 * One HTML file that needs no other: each photo with its title, owner, licence and link.
 * @param {(Result | null)[]} results  Null where the picture is not to be drawn.
 * @param {ExportRecord[]} records  Of the same photos, in the same order.
 */
export function contactSheet(results, records) {
  const [first] = records;
  const cells = records.map((record, i) => cell(results[i], record));
  const sheets = Array.from({ length: Math.ceil(cells.length / PER_SHEET) }, (_, i) => sheet(cells, i * PER_SHEET));
  const how = first?.scorer
    ? `Ranked by ${first.scorer}, found by the policy ${first.policy}, ${first.date.slice(0, 10)}.`
    : "";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Contact sheet of Lookalike</title>
<style>${STYLE}</style>
<h1>${plural(records.length, "photo")} found by Lookalike</h1>
<p>${escaped(how)} The rights in each photo are its owner’s; its licence and its credit are below it.</p>
${sheets.join("\n")}
</html>
`;
}

/**
 * @param {string[]} cells
 * @param {number} from
 */
function sheet(cells, from) {
  const shown = cells.slice(from, from + PER_SHEET);
  return `<details name="sheet"${from ? "" : " open"}><summary>Photos ${from + 1} to ${from + shown.length}</summary><ol start="${from + 1}">
${shown.join("\n")}
</ol></details>`;
}

/**
 * @param {Result | null | undefined} result
 * @param {ExportRecord} record
 */
function cell(result, record) {
  const title = escaped(nameOf(record));
  const image = result ? `<img alt="${title}" src="${dataUrl(result.thumbnail)}">` : "";
  const by = record.owner ? `by ${escaped(record.owner)}` : "Owner unknown";
  const score = record.score === null ? "Found" : `Score ${compact(record.score)}, found`;
  const found = `${score}${record.query ? ` by “${escaped(record.query)}”` : ""}${record.source ? ` on ${escaped(record.source)}` : ""}`;
  return `<li>${image}<p>${linked(title, record.page)}</p><p>${by}</p><p>${linked(escaped(record.licence), record.licence_url)}</p><p class="credit">${escaped(record.credit)}</p><p>${found}</p></li>`;
}

/**
 * @param {string} html
 * @param {string} url
 */
function linked(html, url) {
  const address = webAddress(url);
  return address && html ? `<a href="${escaped(address)}">${html}</a>` : html;
}

/** @param {Uint8Array} bytes */
function dataUrl(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `data:${mediaType(bytes)};base64,${btoa(binary)}`;
}

/** @param {Uint8Array} bytes */
function mediaType([first, second]) {
  if (first === 0x89 && second === 0x50) return "image/png";
  if (first === 0x47 && second === 0x49) return "image/gif";
  return first === 0x52 && second === 0x49 ? "image/webp" : "image/jpeg";
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
