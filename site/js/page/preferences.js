/** @import {Settings} from "../protocol.js" */

/** @typedef {"photos" | "calls" | "seconds" | "parallel" | "seed"} NumberName */
/** @typedef {{name: NumberName, label: string, unit: string, lowest: number, highest: number, initial: number | null}} NumberRule */

/** What each number of the settings may be. @type {NumberRule[]} */
export const NUMBERS = [
  { name: "photos", label: "Photos to look at", unit: "", lowest: 1, highest: 2000, initial: 110 },
  { name: "calls", label: "Calls to Flickr", unit: "A key has 3,600 an hour", lowest: 1, highest: 3600, initial: 110 },
  { name: "seconds", label: "Seconds", unit: "", lowest: 1, highest: 3600, initial: 300 },
  { name: "parallel", label: "Tags asked at once", unit: "", lowest: 1, highest: 20, initial: 10 },
  { name: "seed", label: "Seed", unit: "Blank: another each time", lowest: 0, highest: 4294967295, initial: null },
];

/** @type {Settings} */
const DEFAULTS = { photos: 110, calls: 110, seconds: 300, parallel: 10, seed: null, policy: "" };

/** The key and the settings, kept in this browser; where it keeps nothing, for this visit. */
export class Preferences {
  /** @type {Map<string, string>} What could not be stored. */
  #unstored = new Map();
  /** @type {Settings} With the policy "" for the engine's default. */
  settings = { ...DEFAULTS };

  constructor() {
    try {
      const stored = JSON.parse(this.#get("settings") || "{}");
      for (const rule of NUMBERS) this.#set(rule, stored[rule.name]);
      if (typeof stored.policy === "string") this.settings.policy = stored.policy;
    } catch {
      // What another version stored is not worth an error.
    }
  }

  get key() {
    return this.#get("key");
  }

  set key(key) {
    this.#put("key", key);
  }

  get shortcuts() {
    return this.#get("shortcuts") !== "off";
  }

  set shortcuts(on) {
    this.#put("shortcuts", on ? "" : "off");
  }

  /** The network that describes photos, by its name; "" for the site's default. */
  get model() {
    return this.#get("model");
  }

  set model(name) {
    this.#put("model", name);
  }

  /** Keeps the settings as they are now. */
  save() {
    this.#put("settings", JSON.stringify(this.settings));
  }

  /** Brings back the settings that a first visit has. The key stays. */
  reset() {
    this.settings = { ...DEFAULTS };
    this.#put("settings", "");
    this.shortcuts = true;
    this.model = "";
  }

  /**
   * @param {NumberRule} rule
   * @param {unknown} value
   */
  #set({ name, lowest, highest }, value) {
    if (typeof value === "number" && value >= lowest && value <= highest) this.settings[name] = Math.round(value);
  }

  /** @param {string} name */
  #get(name) {
    try {
      return this.#unstored.get(name) ?? localStorage.getItem(`lookalike.${name}`) ?? "";
    } catch {
      return "";
    }
  }

  /**
   * @param {string} name
   * @param {string} value  "" to forget it.
   */
  #put(name, value) {
    try {
      if (value) localStorage.setItem(`lookalike.${name}`, value);
      else localStorage.removeItem(`lookalike.${name}`);
      this.#unstored.delete(name);
    } catch {
      this.#unstored.set(name, value);
    }
  }
}
