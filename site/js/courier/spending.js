import { notAhead } from "../bounds.js";
import { Refusal } from "./signing.js";

/** @import {Service} from "./shapes.js" */

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
/** Calls of a search that failed and are made again. */
const AGAIN = 30;
/** So often may a picture be fetched in one search: where a service stumbles, it is tried again. */
const TRIES = 10;
/** Seconds by which a call may come here later than another one that was made before it. */
const SLACK = 2;
/** Seconds between the times of two calls of one moment: a clock of milliseconds may show one time for both. */
const APART = 0.001;

/**
 * What the engine may still ask a service for: what the person's search may spend, and no more than the service
 * takes.
 */
export class Spending {
  #service;
  #left = 0;
  /** Unix times. @type {number[]} */
  #made = [];
  /** @type {Map<string, number>} */
  #pictures = new Map();

  /** @param {Service} service */
  constructor(service) {
    this.#service = service;
  }

  /**
   * A search begins.
   * @param {number} calls  That it may make; 0 where it does not ask this service.
   * @param {number[]} made  Those that the page knows of, of the last 24 hours.
   */
  grant(calls, made) {
    this.#left = calls > 0 ? calls + AGAIN : 0;
    this.#made = [...new Set([...made, ...this.#made])];
    this.#pictures.clear();
  }

  /**
   * Count a call.
   * @param {number} now  Unix time in seconds.
   * @returns {number}  The time it counts with, which no other call to this service has: calls are told apart by it.
   * @throws {Refusal}
   */
  call(now) {
    const { title, per_minute, per_day } = this.#service;
    const recent = this.#made.filter((at) => at > now - DAY);
    this.#made = notAhead(recent, now);
    const lately = this.#made.filter((at) => at > now - MINUTE + SLACK).length;
    if (this.#left <= 0) throw new Refusal(`no search that is under way may call ${title} once more`);
    if (per_minute !== null && lately >= per_minute) throw new Refusal(`${title} takes ${per_minute} calls a minute`);
    if (per_day !== null && this.#made.length >= per_day) throw new Refusal(`${title} takes ${per_day} calls a day`);
    this.#left -= 1;
    let at = now;
    while (this.#made.includes(at)) at += APART;
    this.#made.push(at);
    return at;
  }

  /**
   * Count a picture.
   * @param {string} url
   * @throws {Refusal}
   */
  picture(url) {
    const tries = this.#pictures.get(url) ?? 0;
    if (tries >= TRIES) throw new Refusal(`a search fetches a picture at most ${TRIES} times`);
    this.#pictures.set(url, tries + 1);
  }
}
