/** @import {CollectingMessage, Photo, ProgressMessage} from "../protocol.js" */
/** @import {PhotoFile} from "../search/photo-file.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Worker} from "./library.js" */
import { CollectionsDialog } from "./collections-dialog.js";
import { Library } from "./library.js";
import { whereIs } from "../source-name.js";

/** The person's own photos: what is kept of them, and the dialog that shows it. */
export class OwnPhotos {
  #library;
  #dialog;

  /**
   * @param {Worker} worker
   * @param {{onChanged: () => void, onSearch: (id: string) => void, onQuery: (query: PhotoFile) => void, chosen: () =>
   *   string[], onCleared: () => Promise<string[]>}} callbacks  Something is to be drawn; to search in a collection; to
   *   search with a photo; what is searched; what is kept beside collections is to go, and what of it stays nevertheless.
   */
  constructor(worker, callbacks) {
    this.#library = new Library(worker, callbacks.onChanged);
    this.#dialog = new CollectionsDialog(this.#library, callbacks);
  }

  /** The collections as something to search. */
  get offered() {
    return this.#library.offered;
  }

  /** The ids of all collections; null where nobody knows. */
  get ids() {
    return this.#library.known ? new Set(this.#library.listed.map(({ id }) => id)) : null;
  }

  /**
   * The picture that is kept of an own photo.
   * @param {Photo} photo
   * @returns {Promise<Uint8Array | null>}  Null where it is there no more.
   */
  async thumbnail(photo) {
    const { collection, photo: path } = whereIs(photo);
    return (await this.#library.shelf.thumbnails(collection, [path]))[0] ?? null;
  }

  /** @param {CollectingMessage} message */
  receive(message) {
    this.#library.receive(message);
  }

  /** @param {ProgressMessage} message  How a search goes that may be in a collection. */
  receiveSearch(message) {
    this.#library.receiveSearch(message);
  }

  /** @param {Result} result  An own photo, which is shown where it is kept. */
  show({ photo }) {
    const { collection, photo: path } = whereIs(photo);
    this.#dialog.show(collection, path);
  }

  /** An engine is ready, which may have another network. */
  ready() {
    this.#library.renew();
  }

  draw() {
    this.#library.follow();
    this.#dialog.draw();
  }
}
