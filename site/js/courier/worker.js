/**
 * The courier: makes the engine's requests, and is the only worker that has the API key.
 *
 * The engine worker runs score.py, which can change all of the JavaScript around it. So the key is
 * here, where no Python is: what the engine can send is an address, and what it gets is an answer.
 */

import { TimeLimit } from "../awake.js";
import { Gate } from "./gate.js";
import { KeptAnswers, Memory } from "./kept.js";
import { openDisk } from "./kept-disk.js";
import { Recalling } from "./recalling.js";
import { Refusal, scrub, signed } from "./signing.js";

/** @import {AnswerMessage, KeptMessage, PageToCourier, PictureMessage, PicturedMessage, Tally} from "../protocol.js" */

/** @import {Service} from "./shapes.js" */
/** @typedef {{services: Service[], apiUrl: string, page: MessagePort}} CourierStart */

/** Milliseconds awake. */
const TIMEOUT = 15_000;
/** Bytes of a picture that somebody has kept. */
const LARGEST = 8_000_000;
/** Milliseconds: what is too old is deleted so often. */
const TIDY_EVERY = 10 * 60_000;
/** More under way at once are nothing that a search needs. */
const MOST = 200;

/**
 * Serve the page, and the engine that it connects; the bootstrap calls this once.
 * @param {CourierStart} options
 */
export async function start({ services, apiUrl, page }) {
  const gate = new Gate(services, (message) => page.postMessage(message));
  const kept = new KeptAnswers(() => openDisk(), new Memory());
  setInterval(() => kept.tidy(), TIDY_EVERY);
  let key = "";
  /** @type {EngineRequests | null} */
  let requests = null;
  page.onmessage = (event) => {
    /** @type {PageToCourier} */
    const message = event.data;
    if (message.type === "key") {
      key = message.key;
    } else if (message.type === "grant") {
      gate.grant(message.sources, message.calls, message.made);
    } else if (message.type === "learnt") {
      gate.learnt(message.id);
    } else if (message.type === "picture") {
      pictured(message, gate).then((answer) => page.postMessage(answer, [answer.body.buffer]));
    } else if (message.type === "connect") {
      requests?.close();
      const carry = (/** @type {string} */ url, /** @type {AbortSignal} */ signal) =>
        carried(url, { gate, kept, apiUrl, key }, signal);
      requests = new EngineRequests(message.engine, carry, new Recalling(kept, gate));
    } else {
      const tallied = message.type === "forget-answers" ? kept.clear() : kept.tally();
      const tell = (/** @type {Tally | null} */ tally) => page.postMessage({ type: "tallied", id: message.id, tally });
      tallied.then(tell, () => tell(null));
    }
  };
}

/** @typedef {Omit<AnswerMessage, "type" | "id">} Answer */

/** The requests of one engine. */
class EngineRequests {
  #controller = new AbortController();
  #underWay = 0;
  #port;
  #carry;
  #recalling;

  /**
   * @param {MessagePort} port
   * @param {(url: string, signal: AbortSignal) => Promise<Answer>} carry  Never rejects.
   * @param {Recalling} recalling  What it may be told that was answered before.
   */
  constructor(port, carry, recalling) {
    this.#port = port;
    this.#carry = carry;
    this.#recalling = recalling;
    port.onmessage = (event) => this.#receive(event.data);
  }

  /** @param {unknown} message  An EngineToCourier, or anything: score.py can send, too. */
  #receive(message) {
    const { type, id, url } = /** @type {Record<string, unknown>} */ (Object(message));
    if (type === "abort") this.#abort();
    if (type === "more") this.#more();
    if (type === "get" && typeof id === "number" && typeof url === "string") this.#get(id, url);
  }

  /**
   * @param {number} id
   * @param {string} url
   */
  async #get(id, url) {
    const excess = this.#underWay >= MOST;
    this.#underWay += 1;
    const answer = excess
      ? unanswered(new Refusal("there are too many at once"))
      : await this.#carry(url, this.#controller.signal);
    this.#underWay -= 1;
    /** @type {AnswerMessage} */
    const message = { type: "answer", id, ...answer };
    this.#port.postMessage(message, [answer.body.buffer]);
  }

  async #more() {
    const answers = await this.#recalling.next();
    /** @type {KeptMessage} */
    const message = { type: "kept", answers };
    this.#port.postMessage(
      message,
      answers.map(({ body }) => body.buffer),
    );
  }

  /** Abort every request under way. */
  #abort() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  close() {
    this.#abort();
    this.#port.close();
  }
}

/**
 * What the engine asks for, if it may; once more where the device slept in the midst of it.
 * @param {string} url
 * @param {{gate: Gate, kept: KeptAnswers, apiUrl: string, key: string}} means
 * @param {AbortSignal} cancelled
 * @param {boolean} [again]  Whether it is the second time.
 * @returns {Promise<Answer>}
 */
async function carried(url, means, cancelled, again = false) {
  const { gate, kept, apiUrl, key } = means;
  const limit = new TimeLimit(TIMEOUT);
  try {
    const signedUrl = signed(url, apiUrl, key);
    const { source, address, words, answered } = gate.pass(url);
    const signal = AbortSignal.any([cancelled, limit.signal]);
    const answer = await fetched(address ?? signedUrl, answered, key, signal);
    // By the address that has no key.
    if (address === null && answer.status === 200) kept.add({ source, url, words, body: answer.body.slice() });
    return answer;
  } catch (error) {
    const once = !again && limit.slept && !cancelled.aborted && !(error instanceof Refusal);
    const second = once ? await carried(url, means, cancelled, true) : null;
    // Where the service takes no more for now, it is the first failure that counts.
    return second && second.error?.name !== "Refusal" ? second : unanswered(error);
  } finally {
    limit.end();
  }
}

/**
 * A picture that the page asks for: no key goes there, and nothing is learnt of it.
 * @param {PictureMessage} message
 * @param {Gate} gate
 * @returns {Promise<PicturedMessage>}
 */
async function pictured({ id, source, address }, gate) {
  const limit = new TimeLimit(TIMEOUT);
  try {
    const { status, body } = await fetched(gate.picture(source, address), async () => {}, "", limit.signal);
    if (status === 200 && body.length <= LARGEST) return { type: "pictured", id, body };
  } catch {
    // There is none then.
  } finally {
    limit.end();
  }
  return { type: "pictured", id, body: new Uint8Array() };
}

/**
 * One simple GET, without cookies, referrer or redirects.
 * @param {string} url
 * @param {(body: Uint8Array) => Promise<void>} answered
 * @param {string} key
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
async function fetched(url, answered, key, signal) {
  const response = await fetch(url, { signal, credentials: "omit", referrerPolicy: "no-referrer", redirect: "error" });
  const body = new Uint8Array(await response.arrayBuffer());
  scrub(body, key);
  await answered(body);
  return { status: response.status, body, error: null };
}

/**
 * @param {unknown} error
 * @returns {Answer}
 */
function unanswered(error) {
  const { name, message } = error instanceof Error ? error : new Error();
  // What the browser says may hold the address, and so the key.
  const told = error instanceof Refusal ? message : "the request was not answered";
  return { status: 0, body: new Uint8Array(), error: { name, message: told } };
}
