/** @import {FromEngine, TakenMessage, ToEngine} from "../protocol.js" */
/** @import {Config} from "../engine/worker.js" */
/** @import {Rights} from "./lending.js" */
/** @import {EngineFrame} from "./engine-frame.js" */
/** @import {CourierKeeper} from "./courier-keeper.js" */
/** @import {VisionClient} from "./vision-client.js" */
import { EnginePort } from "./engine-port.js";
import { Lending } from "./lending.js";

/**
 * What becomes of an engine.
 * @typedef {object} Callbacks
 * @property {(message: FromEngine) => void} onMessage
 * @property {() => void} onAlive
 * @property {(message: string) => void} onBroken
 * @property {(error: unknown) => void} onFailed  A file that it is made of could not be had.
 */

/**
 * One engine: its frame, and the ports that it alone has. It starts at once, beside another one if need be, and is
 * listened to when it is taken into use. Once it is stopped nothing reaches it, nothing of what it still said is
 * heard, and what it had not taken yet is known: so that the next one can be given that.
 */
export class EngineLink {
  #ready = false;
  /** @type {string | null} */
  #foreign = null;
  #serial = 0;
  /** What was sent and has not been taken yet, by serial number. @type {Map<number, ToEngine>} */
  #untaken = new Map();
  /** What it said before it was taken into use. @type {(() => void)[]} */
  #early = [];
  /** @type {Callbacks | null} */
  #callbacks = null;
  /** The number of the ping that it has not answered; 0 for none. */
  #ping = 0;
  #stopped = false;
  #courier = new MessageChannel();
  #vision;
  #port;
  #lending;
  #frame;

  /**
   * @param {string} base  Where the site lies, ending in a slash.
   * @param {Config} config
   * @param {VisionClient} vision
   * @param {() => Rights} rights  Those of the engine in use.
   * @param {typeof EngineFrame} Frame
   */
  constructor(base, config, vision, rights, Frame) {
    const [page, lent] = [new MessageChannel(), new MessageChannel()];
    this.#vision = vision.channels();
    this.#port = new EnginePort(page.port1, config.forms, {
      onMessage: (message) => this.#receive(message),
      onFlood: () => this.#emit((callbacks) => callbacks.onBroken("the engine sent more than the page could read")),
    });
    const none = new Set();
    this.#lending = new Lending(lent.port1, base, () =>
      this.#callbacks && !this.#stopped ? rights() : { read: none, work: none, make: none },
    );
    const ports = {
      page: page.port2,
      lending: lent.port2,
      courier: this.#courier.port2,
      vision: this.#vision.map(({ port2 }) => port2),
    };
    this.#frame = new Frame(base, config, ports, {
      onBroken: (message) => this.#emit((callbacks) => callbacks.onBroken(message)),
      onFailed: (error) => this.#emit((callbacks) => callbacks.onFailed(error)),
    });
  }

  /** Whether it has said that it is ready. */
  get ready() {
    return this.#ready;
  }

  /** The first code that it was given which the person did not write here; null for none. */
  get foreign() {
    return this.#foreign;
  }

  /**
   * It is given code that the person did not write here. The first one stays named: what comes after it in this engine
   * may meet what it left.
   * @param {string} code
   */
  taint(code) {
    this.#foreign ??= code;
  }

  /**
   * Take it into use, in place of the one before: connect it, and listen to it.
   * @param {CourierKeeper} courier
   * @param {VisionClient} vision
   * @param {Callbacks} callbacks
   */
  use(courier, vision, callbacks) {
    courier.connect(this.#courier.port1);
    vision.connect(this.#vision);
    this.#callbacks = callbacks;
    for (const said of this.#early.splice(0)) said();
  }

  /** @param {ToEngine} message */
  send(message) {
    this.#untaken.set(++this.#serial, message);
    this.#port.send({ ...message, serial: this.#serial });
  }

  /** Ask it for a sign of life, where it does not owe one. */
  ping() {
    if (this.#ping) return;
    // No code that never hears it can answer it, however much it says.
    this.#ping = crypto.getRandomValues(new Uint32Array(1))[0] || 1;
    this.#port.send({ type: "ping", id: this.#ping, serial: null });
  }

  /**
   * End it.
   * @returns {ToEngine[]}  What was sent to it and never reached it.
   */
  stop() {
    this.#stopped = true;
    this.#frame.stop();
    this.#lending.close();
    this.#port.close();
    return [...this.#untaken.values()];
  }

  /** @param {FromEngine | TakenMessage} message */
  #receive(message) {
    if (message.type === "taken") {
      this.#untaken.delete(message.serial);
    } else if (message.type === "pong") {
      if (message.id !== this.#ping) return;
      this.#ping = 0;
      this.#emit((callbacks) => callbacks.onAlive());
    } else {
      if (message.type === "ready") this.#ready = true;
      this.#emit((callbacks) => callbacks.onMessage(message));
    }
  }

  /** @param {(callbacks: Callbacks) => void} emit */
  #emit(emit) {
    if (this.#stopped) return;
    if (this.#callbacks) emit(this.#callbacks);
    else this.#early.push(() => this.#emit(emit));
  }
}
