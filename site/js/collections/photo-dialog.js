/** @import {Shelf} from "../shelf/shelf.js" */
/** @import {Collection, PhotoEntry} from "../shelf/records.js" */
import { byId, make, write } from "../ui/dom.js";
import { size } from "../ui/format.js";
import { openModal } from "../ui/modal.js";
import { PhotoFile } from "../search/photo-file.js";
import { shown } from "../results/shown.js";
import { labelsOf, seenIn } from "./seen-in.js";

/** One own photo, as large as it is kept, with what is known of it. */
export class PhotoDialog {
  #dialog = byId("own-photo", HTMLDialogElement);
  #image = byId("own-photo-image", HTMLImageElement);
  #facts = byId("own-photo-facts", HTMLElement);
  #shelf;
  /** @type {PhotoFile | null} */
  #query = null;

  /**
   * @param {Shelf} shelf
   * @param {(query: PhotoFile) => void} onSearch
   */
  constructor(shelf, onSearch) {
    this.#shelf = shelf;
    byId("close-own-photo", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("own-photo-search", HTMLButtonElement).addEventListener("click", () => {
      const query = this.#query;
      this.#query = null;
      this.#dialog.close();
      if (query) onSearch(query);
    });
    this.#dialog.addEventListener("close", () => {
      this.#query?.dispose();
      this.#query = null;
      this.#image.removeAttribute("src");
    });
  }

  /**
   * Opens a photo that a search has found.
   * @param {string} collection
   * @param {string} photo
   */
  async find(collection, photo) {
    const [record, entry] = await Promise.all([this.#shelf.get(collection), this.#shelf.entry(collection, photo)]);
    await this.open(record, entry, await labelsOf(record.model.name));
  }

  /**
   * @param {Pick<Collection, "id" | "name">} collection
   * @param {PhotoEntry} entry
   * @param {string[]} labels  Of the network's classes.
   */
  async open(collection, entry, labels) {
    const [bytes] = await this.#shelf.thumbnails(collection.id, [entry.id]);
    const parts = shown(entry.id).split("/");
    const name = parts.at(-1) ?? entry.id;
    if (bytes) {
      this.#query = new PhotoFile(new Uint8Array(bytes), name, "image/jpeg");
      this.#image.src = this.#query.url;
    }
    this.#image.alt = name;
    write(byId("own-photo-heading", HTMLElement), name);
    this.#facts.replaceChildren(...factsOf(collection.name, parts.slice(0, -1), entry, labels));
    openModal(this.#dialog);
  }
}

/**
 * What is known of a photo.
 * @param {string} collection  Its name.
 * @param {string[]} folders  In which it lies, the outermost first.
 * @param {PhotoEntry} entry
 * @param {string[]} labels
 */
function factsOf(collection, folders, entry, labels) {
  const seen = seenIn(entry, labels).filter(({ probability }) => probability >= 0.02);
  return [
    ...fact("Collection", collection),
    ...fact("Folder", folders.join(" / ")),
    ...fact(
      "Size",
      `${entry.width.toLocaleString("en")} × ${entry.height.toLocaleString("en")} px, ${size(entry.size)}`,
    ),
    ...fact(
      "Changed",
      entry.modified
        ? new Date(entry.modified * 1000).toLocaleString("en", { dateStyle: "long", timeStyle: "short" })
        : "",
    ),
    ...fact("Words", entry.tags.join(", ")),
    ...fact(
      "Seen in it",
      seen.map(({ label, probability }) => `${label} ${Math.round(100 * probability)} %`).join(", "),
    ),
  ];
}

/**
 * @param {string} name
 * @param {string} value  Nothing is said where there is nothing.
 */
function fact(name, value) {
  if (!value) return [];
  const pair = make("div");
  pair.append(make("dt", "", name), make("dd", "", value));
  return [pair];
}
