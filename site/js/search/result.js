/** @import {Photo, ScoredMessage} from "../protocol.js" */
import { isOwn } from "../source-name.js";

/** One photo that was looked at, as the page knows it. */
export class Result {
  /** @type {string | null} */
  #url = null;
  /** @type {Blob | null} */
  #picture = null;
  /** @type {Result[]} Near-duplicates of this one and itself, shared between them, best first. */
  alike = [this];
  /** What the classifier has made of the picture: "none" where it has not looked. @type {"none" | "safe" | "unsafe"} */
  verdict = "none";
  /** Whether it is what was searched for: the photo of the query, which a search has found, or a near-duplicate. */
  sought = false;
  /** Whether the person wants to see the picture whatever it is. */
  unveiled = false;

  /** @param {Omit<ScoredMessage, "type" | "itself">} scored */
  constructor(scored) {
    /** @type {Photo} */
    this.photo = scored.photo;
    this.score = scored.score;
    this.tag = scored.tag;
    /** Whether an earlier search of this visit looked at it, and this one did not. */
    this.before = scored.before;
    this.thumbnail = scored.thumbnail;
  }

  /** Whether the picture has to be judged before it is drawn: those of services; one's own are one's own. */
  get screened() {
    return !isOwn(this.photo);
  }

  /** The thumbnail, as what pictures are made of; made when first asked for, as that takes a browser a moment. */
  get picture() {
    // The port hands over a plain ArrayBuffer; the protocol's type cannot say so.
    const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (this.thumbnail);
    // Any image is shown by this type, and what is none is never opened as a page of this site.
    this.#picture ??= new Blob([bytes], { type: "image/jpeg" });
    return this.#picture;
  }

  /** A `blob:` URL of the thumbnail, made when first asked for. */
  get url() {
    this.#url ??= URL.createObjectURL(this.picture);
    return this.#url;
  }

  /** Gives the `blob:` URL back. */
  dispose() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = this.#picture = null;
  }
}
