/** @import {FoundMessage, FromEngine, Photo} from "../protocol.js" */
/** @import {Service} from "../courier/shapes.js" */
import { canonical } from "../addresses.js";

/** So many addresses are known of a service, then the oldest are forgotten. */
const MOST = 100_000;

/**
 * The addresses that answers of the services held, as the courier tells. What the engine says of a photo may be
 * forged: a link to any other address could tell, by one click, what the engine knows.
 */
export class Held {
  /** By service; and by what is common to all ways of writing an address. @type {Map<string, Map<string, string>>} */
  #addresses = new Map();

  /** @param {Service[]} services */
  constructor(services) {
    for (const { name, links } of services)
      this.#addresses.set(name, new Map(links.map((link) => [canonical(link), link])));
  }

  /** @param {FoundMessage} message */
  learn({ source, addresses }) {
    const known = this.#addresses.get(source);
    if (!known) return;
    for (const address of addresses) known.set(canonical(address), address);
    for (const oldest of known.keys()) {
      if (known.size <= MOST) break;
      known.delete(oldest);
    }
  }

  /**
   * A message without the addresses that no answer held.
   * @param {FromEngine} message
   * @returns {FromEngine}
   */
  cleared(message) {
    return "photo" in message ? { ...message, photo: this.#cleared(message.photo) } : message;
  }

  /**
   * @param {Photo} photo
   * @returns {Photo}
   */
  #cleared(photo) {
    const known = this.#addresses.get(photo.source);
    const held = (/** @type {string} */ address) => known?.get(canonical(address)) ?? "";
    return {
      ...photo,
      page_url: held(photo.page_url),
      thumb_url: held(photo.thumb_url),
      license_url: held(photo.license_url),
      large_url: held(photo.large_url),
    };
  }
}
