/**
 * Put a text on the clipboard, which may still be being made.
 *
 * A browser lets a page copy right after a click. WebKit holds the click to be spent once anything was waited for, so
 * it is given the promise of the text.
 * @param {string | Promise<string>} text
 * @throws  Where the browser does not let the page copy.
 */
export async function copy(text) {
  const type = "text/plain";
  const blob = Promise.resolve(text).then((made) => new Blob([made], { type }));
  blob.catch(() => {}); // whoever made the text is told of that by their own promise
  try {
    await navigator.clipboard.write([new ClipboardItem({ [type]: blob })]);
  } catch {
    // Older browsers have no ClipboardItem, or none that takes a promise.
    await navigator.clipboard.writeText(await text);
  }
}
