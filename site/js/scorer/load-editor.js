/** @import {CodeEditor} from "../editor/code-editor.js" */
import { StartError } from "../client/start-up.js";

/**
 * Fetches the code editor, which nobody waits for who does not open it, and fills an element with it.
 * @param {HTMLElement} place
 * @param {ConstructorParameters<typeof CodeEditor>[1]} options
 * @returns {Promise<CodeEditor>}
 */
export async function openEditor(place, options) {
  const { CodeEditor } = await import("../editor/code-editor.js").catch(() => {
    throw new StartError("The editor could not be fetched.");
  });
  return new CodeEditor(place, options);
}
