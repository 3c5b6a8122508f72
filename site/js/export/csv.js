/** @import {ExportRecord} from "./export-records.js" */

/** @type {(keyof ExportRecord)[]} */
const COLUMNS = [
  "url",
  "page",
  "title",
  "owner",
  "licence",
  "licence_url",
  "credit",
  "source",
  "score",
  "tags",
  "query",
  "policy",
  "scorer",
  "mark",
  "date",
];

/** Without this mark Excel reads the letters of a file as those of another encoding: “ZÃ¼rich”. */
const UTF_8 = "\ufeff";

/**
 * A table as RFC 4180 has it; the tags of a photo are in one cell, parted by spaces.
 * @param {ExportRecord[]} records
 */
export function csv(records) {
  const rows = records.map((record) => COLUMNS.map((column) => cell(record[column])));
  return UTF_8 + [COLUMNS, ...rows].map((row) => `${row.join(",")}\r\n`).join("");
}

/** @param {string | number | string[] | null} value */
function cell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = Array.isArray(value) ? value.join(" ") : value;
  // A spreadsheet would take it for a formula, and run it.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
