/**
 * What the courier carries for the engine, and what the page is told of it.
 */

import { addressOf } from "../addresses.js";
import { Known } from "./known.js";
import { wordsOf } from "./shapes.js";
import { Refusal } from "./signing.js";
import { Spending } from "./spending.js";

/** @import {AskedMessage, FoundMessage} from "../protocol.js" */
/** @import {Service} from "./shapes.js" */
/** @typedef {{service: Service, known: Known, spending: Spending}} Counter */
/**
 * What was let through: of which service; the picture's address as an answer has it, null for a call; what was
 * searched for; and whom to tell what was answered, before the engine has it.
 * @typedef {{source: string, address: string | null, words: string, answered: (body: Uint8Array) => Promise<void>}}
 *   Passed
 */

/** The one way to the services: lets through what is declared, within what a search may spend. */
export class Gate {
  /** @type {Counter[]} */
  #counters;
  #emit;
  /** Whom to call when the page has learnt addresses, by the number of the message. @type {Map<number, () => void>} */
  #unlearnt = new Map();
  #next = 0;

  /**
   * @param {Service[]} services
   * @param {(message: AskedMessage | FoundMessage) => void} emit  To the page.
   */
  constructor(services, emit) {
    this.#counters = services.map((service) => ({
      service,
      known: new Known(service),
      spending: new Spending(service),
    }));
    this.#emit = emit;
  }

  /**
   * A search begins, which may ask these services.
   * @param {string[]} sources
   * @param {number} calls  That it may make.
   * @param {Record<string, number[]>} made  The calls that the page knows of.
   */
  grant(sources, calls, made) {
    for (const { service, spending } of this.#counters) {
      const { name } = service;
      spending.grant(sources.includes(name) ? calls : 0, made[name] ?? []);
    }
  }

  /**
   * Let a request through.
   * @param {string} url
   * @returns {Passed}
   * @throws {Refusal}
   */
  pass(url) {
    const now = Date.now() / 1000;
    const asked = this.#counters.find(({ service }) => url.startsWith(`${service.url}?`));
    if (asked) {
      const words = wordsOf(url, asked.service);
      const at = asked.spending.call(now);
      return this.#passed(asked, null, { type: "asked", source: asked.service.name, kind: "call", words, at });
    }
    const holder = this.#counters.find(({ known }) => known.find(url));
    const address = holder?.known.find(url);
    if (!holder || !address)
      throw new Refusal("no answer of a photo service has named this address; see `requests` in docs/sources.md");
    holder.spending.picture(address);
    return this.#passed(holder, address, {
      type: "asked",
      source: holder.service.name,
      kind: "picture",
      words: address,
      at: now,
    });
  }

  /**
   * @param {Counter} counter
   * @param {string | null} address
   * @param {AskedMessage} message
   */
  #passed({ service, known }, address, message) {
    this.#emit(message);
    const answered = async (/** @type {Uint8Array} */ body) => {
      const addresses = address === null ? known.learn(body) : [];
      if (addresses.length) await this.#teach(service.name, addresses);
    };
    return { source: service.name, address, words: message.words, answered };
  }

  /**
   * Learn what an answer named that was kept.
   * @param {string} source
   * @param {Uint8Array} body
   * @returns {Promise<boolean>}  Whether there is that service; fulfilled when the page has learnt it, too.
   */
  async recall(source, body) {
    const counter = this.#counters.find(({ service }) => service.name === source);
    const addresses = counter?.known.learn(body) ?? [];
    if (addresses.length) await this.#teach(source, addresses);
    return !!counter;
  }

  /**
   * The page gets the engine's messages by another port than these, so it may see a photo first that was found here: it
   * would show it without its links. So the engine is answered when the page knows the addresses.
   * @param {string} source
   * @param {string[]} addresses
   * @returns {Promise<void>}  Fulfilled when the page has learnt them.
   */
  #teach(source, addresses) {
    const id = this.#next++;
    const learnt = /** @type {Promise<void>} */ (new Promise((resolve) => this.#unlearnt.set(id, resolve)));
    this.#emit({ type: "found", id, source, addresses });
    return learnt;
  }

  /**
   * Let a picture through that the page asks for, as somebody has kept it: the answer that named it came in an
   * earlier visit.
   * @param {string} source
   * @param {string} address
   * @returns {string}  The address.
   * @throws {Refusal} It is none of a picture.
   */
  picture(source, address) {
    const whole = addressOf(address);
    const known = this.#counters.some(({ service }) => service.name === source);
    if (!known || !whole || this.#counters.some(({ service }) => whole.startsWith(`${service.url}?`)))
      throw new Refusal("this is no address of a picture");
    this.#emit({ type: "asked", source, kind: "picture", words: whole, at: Date.now() / 1000 });
    return whole;
  }

  /** @param {number} id  Of the message whose addresses the page has learnt. */
  learnt(id) {
    this.#unlearnt.get(id)?.();
    this.#unlearnt.delete(id);
  }
}
