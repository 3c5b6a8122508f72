/** @import {FileKinds} from "../engine/worker.js" */
/** @import {Upload} from "../protocol.js" */

/**
 * The files that were chosen, each with its path below the folder that was.
 * @param {Iterable<File>} files
 * @param {FileKinds | undefined} kinds
 * @returns {Upload[]}
 */
export function chosen(files, kinds) {
  return [...files]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => isWanted(path, kinds));
}

/**
 * The files that were dropped, with those in folders. To be called while the drop is being handled: afterwards the
 * browser has forgotten what it was.
 * @param {DataTransfer} data
 * @param {FileKinds | undefined} kinds
 * @returns {Promise<Upload[]>}
 */
export async function dropped(data, kinds) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map(filesIn));
  return found.flat().filter(({ path }) => isWanted(path, kinds));
}

/**
 * The files in a folder, or a file. What cannot be read is an upload without a file, so that it is told and costs no
 * other.
 * @param {FileSystemEntry} entry
 * @returns {Promise<Upload[]>}
 */
async function filesIn(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) {
    const file = await /** @type {Promise<File | null>} */ (
      new Promise((resolve) => entry.file(resolve, () => resolve(null)))
    );
    return [{ path, file }];
  }
  const { children, whole } = await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry));
  /** @type {Upload[]} */
  const uploads = whole ? [] : [{ path, file: null }];
  for (const inner of children) uploads.push(...(await filesIn(inner)));
  return uploads;
}

/**
 * What is in a folder, and whether that is all of it.
 * @param {FileSystemDirectoryEntry} folder
 */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const children = [];
  // A browser gives a hundred at a time, and none when there are no more.
  for (;;) {
    /** @type {FileSystemEntry[] | null} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve(null)));
    if (!some?.length) return { children, whole: some !== null };
    children.push(...some);
  }
}

/** @param {FileSystemEntry} entry  @returns {entry is FileSystemFileEntry} */
function isFile(entry) {
  return entry.isFile;
}

/**
 * How many of these are no photos by their names: they are counted, and not read.
 * @param {Upload[]} uploads
 * @param {FileKinds | undefined} kinds
 */
export function others(uploads, kinds) {
  const ends = new Set(kinds?.others);
  return uploads.filter(({ path }) => ends.has(path.split(".").at(-1)?.toLowerCase() ?? "")).length;
}

/**
 * What systems leave in folders for themselves is nothing that a person has chosen. Before the lists are there, the
 * engine leaves it out: see lookalike.collections.file_kinds.
 * @param {string} path
 * @param {FileKinds | undefined} kinds
 */
function isWanted(path, kinds) {
  const parts = path.toLowerCase().split("/");
  if (!kinds) return true;
  const hidden = (/** @type {string} */ part) =>
    part.startsWith(".") || kinds.hidden.includes(part) || kinds.hidden_ends.some((end) => part.endsWith(end));
  if (parts.some(hidden)) return false;
  const isLibrary = (/** @type {string | undefined} */ part) => kinds.libraries.some((end) => part?.endsWith(end));
  // A library that was zipped lies in a folder of its own name.
  const library = parts.findIndex((part, i) => isLibrary(part) && !isLibrary(parts[i + 1]));
  return library < 0 || library === parts.length - 1 || kinds.originals.includes(parts[library + 1] ?? "");
}
