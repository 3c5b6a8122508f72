/** @import {Settings} from "../protocol.js" */
/** @import {Search} from "../search/search.js" */
/** @import {SearchTools} from "../sources/search-tools.js" */
/** @import {Connection} from "../offline/connection.js" */

/**
 * @typedef {object} Surroundings
 * @property {() => Settings} settings  As they are chosen.
 * @property {Pick<SearchTools, "open" | "chosen" | "chosenBy">} tools
 * @property {Pick<Connection, "reachable">} connection
 * @property {() => boolean} keyed  Whether there is a key to Flickr that was not refused.
 */

/** Where a search can look now: what is chosen, but for what lacks a key or a connection. */
export class Reachable {
  #context;

  /** @param {Surroundings} context */
  constructor(context) {
    this.#context = context;
  }

  /** The settings as they are chosen, but for sources whose key is missing. @returns {Settings} */
  get chosen() {
    const { settings, tools, keyed } = this.#context;
    return { ...settings(), sources: tools.open(keyed()) };
  }

  /**
   * The settings that a search would have now: its sources may be none.
   * @param {Search | null} search  Null for the next one.
   */
  settingsOf(search) {
    const { tools, keyed, connection } = this.#context;
    const sources = tools.open(keyed(), search ? tools.chosenBy(search) : tools.chosen);
    return { ...this.chosen, sources: connection.reachable(sources) };
  }

  /**
   * What a search waits for; "" for nothing.
   * @param {Search | null} search
   */
  lackOf(search) {
    // What has begun goes on where it did, whatever is ticked by now.
    if (!search?.active || search.id !== null) return "";
    const { tools, keyed } = this.#context;
    if (!tools.open(keyed(), tools.chosenBy(search)).length) return "Waiting for a key to Flickr.";
    return this.settingsOf(search).sources.length ? "" : "Waiting for the network.";
  }
}
