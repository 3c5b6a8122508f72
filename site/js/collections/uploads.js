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
 * @param {FileSystemEntry} entry
 * @returns {Promise<Upload[]>}
 */
async function filesIn(entry) {
  if (isFile(entry)) {
    const file = await /** @type {Promise<File>} */ (new Promise((resolve, reject) => entry.file(resolve, reject)));
    return [{ path: entry.fullPath.replace(/^\//, ""), file }];
  }
  const uploads = [];
  for (const inner of await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))) uploads.push(...(await filesIn(inner)));
  return uploads;
}

/** @param {FileSystemDirectoryEntry} folder */
async function childrenOf(folder) {
  const reader = folder.createReader();
  const children = [];
  // A browser gives a hundred at a time, and none when there are no more.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return children;
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
