/** @import {Settings} from "../protocol.js" */
import { checkedFilters, NO_FILTERS } from "../filters/filters.js";
import { CHOICES, FIRST, LIMITS } from "./defaults.js";
import { isSourceName } from "../bounds.js";
import { FLICKR } from "../flickr.js";

/** @typedef {"photos" | "calls" | "seconds" | "parallel" | "seed" | "neighbours"} NumberName */
/**
 * @typedef {{name: NumberName, label: string, unit: string, lowest: number, highest: number, initial: number | null}}
 *   NumberRule
 */

/** @type {[NumberName, string, string][]} */
const LABELS = [
  ["photos", "Photos to look at", ""],
  ["calls", "Calls", "To each service at most"],
  ["seconds", "Seconds", ""],
  ["parallel", "Tags asked at once", ""],
  ["neighbours", "Own photos to show", "The nearest of a collection"],
  ["seed", "Seed", "Blank: another each time"],
];

/** What each number of the settings may be. @type {NumberRule[]} */
export const NUMBERS = LABELS.map(([name, label, unit]) => ({ name, label, unit, ...LIMITS[name] }));

/** @type {Record<string, (photos: string) => string>} */
const DESCRIPTIONS = {
  quick: (photos) => `Looks at ${photos} photos: a first impression.`,
  normal: (photos) => `Looks at ${photos} photos, or until nothing better is likely.`,
  long: (photos) => `Looks at ${photos} photos and asks twice as often, or until nothing better is likely.`,
};

/** How thorough a search may be: so many photos, and calls to each service; what else Settings allow is as it was. */
export const THOROUGH = CHOICES.map((choice) => ({
  ...choice,
  title: choice.name[0].toUpperCase() + choice.name.slice(1),
  description: DESCRIPTIONS[choice.name](choice.photos.toLocaleString("en")),
}));

/** @type {Settings} */
const DEFAULTS = {
  .../** @type {Pick<Settings, NumberName>} */ (
    Object.fromEntries(NUMBERS.map(({ name, initial }) => [name, initial]))
  ),
  policy: "",
  sources: [FIRST],
  filters: NO_FILTERS,
};

/** The key and the settings, kept in this browser; where it keeps nothing, for this visit. */
export class Preferences {
  /** @type {Map<string, string>} What could not be stored. */
  #unstored = new Map();
  /** @type {Settings} With the policy "" for the engine's default. */
  settings = { ...DEFAULTS };

  constructor() {
    try {
      const stored = this.#stored;
      this.settings = checkedSettings(stored);
      // Whoever has a key from before there was a choice has searched Flickr, and goes on to.
      this.settings.sources = checkedSources(stored.sources) ?? [this.key ? FLICKR : FIRST];
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

  /**
   * Changes some of the settings, and keeps them beside what other tabs have changed meanwhile.
   * @param {Partial<Settings>} change
   */
  keep(change) {
    Object.assign(this.settings, change);
    let others = {};
    try {
      others = this.#stored;
    } catch {
      // What cannot be read is replaced.
    }
    this.#put("settings", JSON.stringify({ ...this.settings, ...others, ...change }));
  }

  /** Brings back the settings that a first visit has. The key, and where and for what to search, stay. */
  reset() {
    // Not even as they are here: another tab may have changed them meanwhile.
    const { sources: _, filters: __, ...others } = DEFAULTS;
    this.keep(others);
    this.shortcuts = true;
    this.model = "";
  }

  /** @returns {Record<string, unknown>}  What is kept of the settings, by whatever tab or version. */
  get #stored() {
    return Object(JSON.parse(this.#get("settings") || "{}"));
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
  const names = held.slice(0, 100).filter(isSourceName);
  return names.length ? [...new Set(names)] : null;
}
