/** @import {Preferences} from "./preferences.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Client} from "../search/searches.js" */
import { KeyPanel } from "./key-panel.js";

/**
 * @typedef {object} Surroundings
 * @property {() => Search | null} shown  The search on show; null on the first screen.
 * @property {() => boolean} wanted  Whether a service that is chosen needs a key and has none.
 * @property {() => boolean} others  Whether one is chosen that needs none, or has it.
 * @property {() => void} onChanged  It is another one, or none: given here, or in another tab.
 * @property {(mended: boolean) => void} onGiven  The person has given one; whether in place of a refused one.
 */

/** The key to Flickr: kept, handed to the engine's client, asked for where it is missing or refused. */
export class FlickrKey {
  #refused = false;
  #panel;
  #preferences;
  #client;
  #context;
  /** The one that the client has. */
  #used = "";

  /**
   * @param {Preferences} preferences
   * @param {Client} client
   * @param {Surroundings} context
   */
  constructor(preferences, client, context) {
    this.#preferences = preferences;
    this.#client = client;
    this.#context = context;
    this.#panel = new KeyPanel(preferences.key, (key) => this.#take(key));
    this.#use(preferences.key);
    addEventListener("storage", () => {
      if (preferences.key === this.#used) return;
      this.#use(preferences.key);
      this.#panel.know(preferences.key);
      context.onChanged();
    });
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
   * Shows the panel where a key is wanted and missing. Beside the results only where nothing else is
   * searched: others' results are not pushed aside, the strip says that a key is missing.
   */
  place() {
    const [shown, others] = [this.#context.shown(), this.#context.others()];
    const waits = shown?.active ? "Your search waits here; it starts as soon as there is a key." : "";
    const without = others ? "Until there is a key, the search goes without Flickr." : "";
    this.#panel.setWaiting(this.usable ? "" : shown ? waits : without);
    if (this.usable || !this.#context.wanted() || (shown && others)) this.#panel.hide();
    else this.#panel.moveTo(shown ? "workspace-key" : "landing-key");
  }

  /** Shows it in the settings. */
  placeInSettings() {
    this.#panel.setWaiting("");
    this.#panel.moveTo("settings-key");
  }

  /** Puts the person at the field, where a key is missing. */
  ask() {
    if (this.#refused) this.#explain();
    else if (!this.usable) this.#panel.focus();
  }

  /**
   * Flickr has refused it: another one is asked for.
   * @returns {boolean}  Whether that is done on the page.
   */
  refuse() {
    this.#refused = true;
    this.place();
    return this.#explain();
  }

  /**
   * Says at the field that Flickr has refused it, and puts the person there.
   * @returns {boolean}  Not where there is no field on show.
   */
  #explain() {
    if (!this.#panel.visible) return false;
    // In words of its own: what the engine says of it may be anybody's.
    this.#panel.refuse("Flickr does not accept this key. See that it is whole, or make another one.");
    return true;
  }

  /** @param {string} key  Which the person has given; "" where they have forgotten it. */
  #take(key) {
    const mended = this.#refused;
    this.#keep(key);
    this.#context.onChanged();
    if (!key) return;
    // Where to search stays as it was chosen, here or in another tab, or was on the first visit.
    this.#preferences.keep({});
    this.#context.onGiven(mended);
  }

  /** @param {string} key */
  #keep(key) {
    this.#preferences.key = key;
    this.#use(key);
  }

  /** @param {string} key */
  #use(key) {
    this.#used = key;
    this.#refused = false;
    this.#client.setKey(key);
  }
}
