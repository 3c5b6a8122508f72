/** @import {Problem} from "../protocol.js" */
import { byId } from "../ui/dom.js";
import { PhotoFile } from "../search/photo-file.js";

const LARGEST = 100e6;
/** As the style sheets have it. */
const TOUCH = "(hover: none) and (pointer: coarse)";

/** Takes a photo that is chosen, dropped or pasted, anywhere on the page. */
export class PhotoInput {
  #input = byId("photo", HTMLInputElement);
  /** Takes the picture of a phone's camera; it is on show where there are fingers and no mouse. */
  #camera = byId("camera", HTMLInputElement);
  #intakes = byId("intakes", HTMLElement);
  #callbacks;
  /** What it is called on the first screen. */
  #name = "";

  /**
   * @param {{onIntake: () => () => boolean, onPhoto: (query: PhotoFile) => Promise<boolean>, onNote: (problem: Problem) =>
   *   void, onProblem: (problem: Problem) => void}} callbacks  `onIntake`: a file is to be read; it gives whether that
   *   is still wanted. `onPhoto` gives whether a search has begun.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    // What the screen says there.
    if (matchMedia(TOUCH).matches) this.#input.ariaLabel = "Choose a photo";
    this.#name = this.#input.ariaLabel ?? "";
    for (const input of [this.#input, this.#camera]) {
      input.addEventListener("change", () => {
        const files = [...(input.files ?? [])];
        // So that choosing the same file again is a change, too.
        input.value = "";
        this.take(files);
      });
    }
    addEventListener("dragenter", (event) => this.#drag(event));
    addEventListener("dragover", (event) => this.#drag(event));
    addEventListener("dragleave", (event) => event.relatedTarget === null && this.#hint(false));
    addEventListener("drop", (event) => this.#drop(event));
    addEventListener("paste", (event) => this.#paste(event));
  }

  /** Opens the file chooser. */
  choose() {
    this.#input.click();
  }

  /**
   * Shows the drop area here.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#intakes.parentElement === place) return;
    place.append(this.#intakes);
    // What the screen says there.
    this.#input.ariaLabel = id === "landing-intake" ? this.#name : "Another photo";
  }

  /** @param {DragEvent} event */
  #drag(event) {
    const files = !!event.dataTransfer?.types.includes("Files");
    if (!files && isEditable(event)) return;
    // Without this a browser opens the dropped thing in place of the page.
    event.preventDefault();
    this.#hint(files);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.#hint(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 && isEditable(event)) return;
    // The code editor has taken a file of text.
    if (event.defaultPrevented && !files[0]?.type.startsWith("image/")) return;
    event.preventDefault();
    if (files.length) this.take(files);
    else this.#callbacks.onNote(noFile(event.dataTransfer, "dropped"));
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const files = pastedFiles(event);
    if (files.length === 0 && isEditable(event)) return;
    event.preventDefault();
    if (files.length) this.take(files);
    else this.#callbacks.onNote(noFile(event.clipboardData, "pasted"));
  }

  /** @param {boolean} on */
  #hint(on) {
    document.body.classList.toggle("dragging", on);
  }

  /**
   * Starts from the first of these files.
   * @param {File[]} files
   */
  async take(files) {
    const [file] = files;
    if (!file) return;
    const wanted = this.#callbacks.onIntake();
    const taken = await read(file);
    if (!wanted()) return;
    if (!(taken instanceof PhotoFile)) return this.#callbacks.onProblem(taken);
    const begun = await this.#callbacks.onPhoto(taken);
    if (begun && files.length > 1)
      this.#callbacks.onNote({
        code: "one-photo",
        message: `Looking for lookalikes of ${file.name} only.`,
        advice: `${files.length} files came; a search starts from one photo.`,
        line: null,
      });
  }
}

/**
 * Reads a file to search with, or says why it cannot be.
 * @param {File} file
 * @returns {Promise<PhotoFile | Problem>}
 */
export async function read(file) {
  const megabytes = Math.round(file.size / 1e6);
  if (file.size > LARGEST)
    return {
      code: "photo-file",
      message: `${file.name} is ${megabytes} MB: too large to open here.`,
      advice: "Choose a file of at most 100 MB.",
      line: null,
    };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.length) return new PhotoFile(bytes, file.name, file.type);
    return { code: "photo-file", message: `${file.name} is empty.`, advice: "Choose another file.", line: null };
  } catch {
    return {
      code: "photo-file",
      message: `${file.name} cannot be read.`,
      advice: "Choose a photo, not a folder, and one that still is where it was.",
      line: null,
    };
  }
}

/**
 * The files that are pasted. What word processors and spreadsheets copy has a picture beside its text: in a field, the
 * text is meant.
 * @param {ClipboardEvent} event
 * @returns {File[]}
 */
export function pastedFiles(event) {
  const { files = [], types = [] } = event.clipboardData ?? {};
  // A file that was copied may have its name as plain text, and no other.
  const written = ["text/plain", "text/html"].every((type) => types.includes(type));
  return written && isEditable(event) ? [] : [...files];
}

/**
 * @param {DataTransfer | null} data
 * @param {"dropped" | "pasted"} how
 * @returns {Problem}
 */
function noFile(data, how) {
  const link =
    data?.types.includes("text/uri-list") || /^https?:\/\/\S+$/.test(data?.getData("text/plain").trim() ?? "");
  const what = link ? "a link" : data?.types.length ? "text" : "nothing that is a photo";
  const verb = how === "dropped" ? "drop" : "paste";
  return {
    code: "no-file",
    message: `What was ${how} is ${what}.`,
    advice: `Save the photo first and ${verb} its file, or copy the picture itself and paste it.`,
    line: null,
  };
}

/**
 * Whether text is entered where an event comes from, so that keys and pastes belong to it.
 * @param {Event} event
 */
export function isEditable(event) {
  // The code editor is a tree of its own, from which an event comes out as its host's.
  const [target] = event.composedPath();
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "file", "button", "range"].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
