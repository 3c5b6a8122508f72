/** @import {Told} from "../protocol.js" */
/** @import {OwnPhotos} from "../collections/own-photos.js" */
/** @import {QueryInput} from "../query/query-input.js" */
/** @import {ScorerFeature} from "../scorer/scorer-feature.js" */
/** @import {Searches} from "../search/searches.js" */
/** @import {Calls} from "../sources/calls.js" */
/** @import {LeftList} from "../sources/left-list.js" */
/** @import {ServiceAlerts} from "../sources/service-alerts.js" */
/** @import {EngineState} from "./engine-state.js" */
import { isOfScoring } from "../client/scorer-state.js";
import { Throttle } from "../ui/throttle.js";

/** Milliseconds between two drawings of what a search tells by itself: each takes time that the network then lacks. */
const CALM = 100;
/** What comes many times a second while a search runs. */
const OFTEN = new Set(["asked", "scored", "progress"]);

/**
 * The parts of the page that messages are for.
 * @typedef {object} Parts
 * @property {Pick<LeftList, "add">} left
 * @property {Pick<OwnPhotos, "receive" | "receiveSearch">} own
 * @property {Pick<EngineState, "receive">} engine
 * @property {Pick<QueryInput, "receive">} intake
 * @property {Pick<ScorerFeature, "receive">} scoring
 * @property {Pick<Calls, "receive">} calls
 * @property {Pick<ServiceAlerts, "receive">} serviceAlerts
 * @property {Pick<Searches, "receive" | "shown">} searches
 */

/** What the page is told: each message goes to the part that it is for, and is drawn in its time. */
export class Incoming {
  #parts;
  #callbacks;
  #throttle;

  /**
   * @param {Parts} parts
   * @param {{onChanged: () => void, onJobDone: () => void}} callbacks  Something is to be drawn; a job is done.
   */
  constructor(parts, callbacks) {
    this.#parts = parts;
    this.#callbacks = callbacks;
    this.#throttle = new Throttle(CALM, callbacks.onChanged);
  }

  /** @param {Told} message */
  receive(message) {
    this.#hand(message);
    // The first result does not wait.
    const waits = OFTEN.has(message.type) && this.#parts.searches.shown?.results.size !== 1;
    if (waits) this.#throttle.request();
    else this.#callbacks.onChanged();
  }

  /** @param {Told} message */
  #hand(message) {
    const { left, own, engine, intake, scoring, calls, serviceAlerts, searches } = this.#parts;
    if (message.type === "asked") left.add(message);
    else if (message.type === "collecting") {
      own.receive(message);
      if (message.state === "done") this.#callbacks.onJobDone();
    } else if (
      message.type === "phase" ||
      message.type === "received" ||
      message.type === "ready" ||
      message.type === "failed"
    )
      engine.receive(message);
    else if (message.type === "opened") intake.receive(message);
    else if (isOfScoring(message)) scoring.receive(message);
    else if (message.type === "calls") calls.receive(message);
    else if (message.type !== "pong") {
      serviceAlerts.receive(message);
      if (message.type === "progress") own.receiveSearch(message);
      searches.receive(message);
    }
  }
}
