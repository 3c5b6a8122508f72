/** @import {Preferences} from "./preferences.js" */
/** @import {Client} from "./searches.js" */
import { KeyPanel } from "./key-panel.js";

/** The key to Flickr: kept, handed to the engine's client, asked for where it is missing or refused. */
export class FlickrKey {
  #refused = false;
  #panel;
  #preferences;
  #client;

  /**
   * @param {Preferences} preferences
   * @param {Client} client
   * @param {(key: string, mended: boolean) => void} onGiven  `mended`: in place of a refused one.
   */
  constructor(preferences, client, onGiven) {
    this.#preferences = preferences;
    this.#client = client;
    this.#panel = new KeyPanel(preferences.key, (key) => {
      const mended = this.#refused;
      this.#keep(key);
      onGiven(key, mended);
    });
    client.setKey(preferences.key);
  }

  /** Whether there is one, and Flickr has not refused it. */
  get usable() {
    return this.#preferences.key !== "" && !this.#refused;
  }

  /** Takes what is typed and not entered, where a key is missing: dropping a photo says the same. */
  takeTyped() {
    const { typed } = this.#panel;
    if (!this.usable && typed && typed !== this.#preferences.key) this.#keep(typed);
  }

  /**
   * Shows the panel: in the settings in any case, elsewhere where a key is wanted and missing.
   * @param {"landing-key" | "workspace-key" | "settings-key"} place
   * @param {{wanted: boolean, waiting: string}} need  What waits for the key, in words, or "".
   */
  place(place, { wanted, waiting }) {
    this.#panel.setWaiting(this.usable ? "" : waiting);
    if (place === "settings-key" || (wanted && !this.usable)) this.#panel.moveTo(place);
    else this.#panel.hide();
  }

  /** Puts the person at the field, where a key is missing. */
  ask() {
    if (!this.usable) this.#panel.focus();
  }

  /** Says that Flickr has refused it. */
  refuse() {
    this.#refused = true;
  }

  /**
   * Says why at the field, and puts the person there.
   * @param {string} reason
   */
  explain(reason) {
    this.#panel.refuse(reason);
  }

  /** @param {string} key */
  #keep(key) {
    this.#preferences.key = key;
    this.#refused = false;
    this.#client.setKey(key);
  }
}
