/** @import {Upload} from "../protocol.js" */

/**
 * The files that were chosen, each with its path below the folder that was.
 * @param {Iterable<File>} files
 * @returns {Upload[]}
 */
export function chosen(files) {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(isWanted);
}

/**
 * The files that were dropped, with those in folders. To be called while the drop is being handled: afterwards the
 * browser has forgotten what it was.
 * @param {DataTransfer} data
 * @returns {Promise<Upload[]>}
 */
export async function dropped(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found = await Promise.all(entries.map(filesIn));
  return found.flat().filter(isWanted);
}

/**
 * The files in a folder, or a file. What cannot be read is an upload without a file, so that it is told and costs no other.
 * @param {FileSystemEntry} entry
 * @returns {Promise<Upload[]>}
 */
async function filesIn(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (isFile(entry)) {
    const file = await /** @type {Promise<File | null>} */ (new Promise((resolve) => entry.file(resolve, () => resolve(null))));
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
 * What systems leave in folders for themselves is nothing that a person has chosen.
 * @param {Upload} upload
 */
function isWanted({ path }) {
  return !path.split("/").some((part) => part.startsWith(".") || ["Thumbs.db", "desktop.ini", "__MACOSX"].includes(part));
}
