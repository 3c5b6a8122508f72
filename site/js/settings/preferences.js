/** @import {Settings} from "../protocol.js" */
import { checkedFilters, NO_FILTERS } from "../filters/filters.js";
import { FIRST } from "../sources/catalogue.js";

/** @typedef {"photos" | "calls" | "seconds" | "parallel" | "seed" | "neighbours"} NumberName */
/**
 * @typedef {{name: NumberName, label: string, unit: string, lowest: number, highest: number, initial: number | null}}
 *   NumberRule
 */

/** What each number of the settings may be. @type {NumberRule[]} */
export const NUMBERS = [
  { name: "photos", label: "Photos to look at", unit: "", lowest: 1, highest: 2000, initial: 440 },
  { name: "calls", label: "Calls", unit: "To each service at most", lowest: 1, highest: 3600, initial: 30 },
  { name: "seconds", label: "Seconds", unit: "", lowest: 1, highest: 3600, initial: 300 },
  { name: "parallel", label: "Tags asked at once", unit: "", lowest: 1, highest: 20, initial: 10 },
  {
    name: "neighbours",
    label: "Own photos to show",
    unit: "The nearest of a collection",
    lowest: 1,
    highest: 1000,
    initial: 50,
  },
  { name: "seed", label: "Seed", unit: "Blank: another each time", lowest: 0, highest: 4294967295, initial: null },
];

/** How thorough a search may be: so many photos, and calls to each service; what else Settings allow is as it was. */
export const THOROUGH = [
  { name: "quick", title: "Quick", description: "Looks at 110 photos: a first impression.", photos: 110, calls: 30 },
  {
    name: "normal",
    title: "Normal",
    description: "Looks at 440 photos, or until nothing better is likely.",
    photos: 440,
    calls: 30,
  },
  {
    name: "long",
    title: "Long",
    description: "Looks at 1,000 photos and asks twice as often, or until nothing better is likely.",
    photos: 1000,
    calls: 60,
  },
];

/** @type {Settings} */
const DEFAULTS = {
  .../** @type {Pick<Settings, NumberName>} */ (
    Object.fromEntries(NUMBERS.map(({ name, initial }) => [name, initial]))
  ),
  policy: "",
  sources: [FIRST],
  filters: NO_FILTERS,
};
/** The name of a service, or "collection:ID". */
const SOURCE = /^[\w:.-]{1,80}$/;

/** The key and the settings, kept in this browser; where it keeps nothing, for this visit. */
export class Preferences {
  /** @type {Map<string, string>} What could not be stored. */
  #unstored = new Map();
  /** @type {Settings} With the policy "" for the engine's default. */
  settings = { ...DEFAULTS };

  constructor() {
    try {
      const stored = JSON.parse(this.#get("settings") || "{}");
      this.settings = checkedSettings(stored);
      // Whoever has a key from before there was a choice has searched Flickr, and goes on to.
      this.settings.sources = checkedSources(stored.sources) ?? [this.key ? "flickr" : FIRST];
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

  /** The size of photos in the gallery: the place of the slider, or NaN where it was never moved. */
  get size() {
    return Number(this.#get("size") || Number.NaN);
  }

  set size(size) {
    this.#put("size", String(size));
  }

  /** Whether the panel of details is open. */
  get details() {
    return this.#get("details") === "open";
  }

  /** @param {boolean} open */
  set details(open) {
    this.#put("details", open ? "open" : "");
  }

  /** What becomes of pictures that are likely unsafe, as it was kept; "" where nobody has chosen. */
  get unsafe() {
    return this.#get("unsafe");
  }

  set unsafe(treatment) {
    this.#put("unsafe", treatment);
  }

  /** Keeps the settings as they are now. */
  save() {
    this.#put("settings", JSON.stringify(this.settings));
  }

  /** Brings back the settings that a first visit has. The key, and where and for what to search, stay. */
  reset() {
    const { sources, filters } = this.settings;
    this.settings = { ...DEFAULTS, sources, filters };
    this.save();
    this.shortcuts = true;
    this.model = "";
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

/**
 * Settings as they were kept: what is not understood is as on a first visit.
 * @param {Record<string, unknown>} held
 * @returns {Settings}
 */
export function checkedSettings(held) {
  const settings = {
    ...DEFAULTS,
    filters: checkedFilters(held["filters"]),
    sources: checkedSources(held["sources"]) ?? DEFAULTS.sources,
  };
  for (const { name, lowest, highest } of NUMBERS) {
    const value = held[name];
    if (typeof value === "number" && value >= lowest && value <= highest) settings[name] = Math.round(value);
  }
  if (typeof held["policy"] === "string") settings.policy = held["policy"];
  return settings;
}

/**
 * The names of sources, as they were kept or came by a link; null where there is none.
 * @param {unknown} held
 * @returns {string[] | null}
 */
export function checkedSources(held) {
  if (!Array.isArray(held)) return null;
  const names = held.slice(0, 100).filter((name) => typeof name === "string" && SOURCE.test(name));
  return names.length ? [...new Set(names)] : null;
}
