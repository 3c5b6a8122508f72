/** @import {Settings} from "../protocol.js" */
import { checkedFilters } from "../filters/filters.js";
import { checkedSources, NUMBERS } from "../settings/preferences.js";
import { isOwnSource } from "../source-name.js";
import { pack, unpack } from "./squeeze.js";

/**
 * @typedef {Partial<Pick<Settings, "photos" | "calls" | "seconds" | "parallel" | "policy" | "sources" | "filters">> &
 *   {model?: string}} SharedSettings  The model is the name of a network, which the site may not have.
 */
/** @typedef {{name: string, code: string, settings: SharedSettings}} Shared  What a link holds. */

/** The numbers of the settings that a link holds: no key, and no seed. */
const NUMERIC = /** @type {const} */ (["photos", "calls", "seconds", "parallel"]);
const LONGEST = { link: 64_000, bytes: 200_000, name: 80 };

/** A link cannot be understood; the message says why. */
export class LinkError extends Error {}

/**
 * A link's fragment.
 * @param {string} name
 * @param {string} code
 * @param {Settings & {model: string}} settings
 */
export async function fragmentOf(name, code, settings) {
  const { photos, calls, seconds, parallel, policy, model, filters } = settings;
  const sources = services(settings.sources);
  const text = JSON.stringify({
    name,
    code,
    settings: { photos, calls, seconds, parallel, policy, model, sources, filters },
  });
  return `#m1=${await pack(text)}`;
}

/**
 * What a link's fragment holds. Nothing of it is to be trusted.
 * @param {string} fragment  It begins with "#m".
 * @returns {Promise<Shared>}
 */
export async function readFragment(fragment) {
  const [, version, packed] = /^#m(\d+)=(.*)$/.exec(fragment) ?? [];
  if (version !== "1") throw new LinkError("The link was made by another version of this page.");
  if (!packed || packed.length > LONGEST.link) throw new LinkError("The link is too long, or holds nothing.");
  const text = await unpack(packed, LONGEST.bytes).catch(() => {
    throw new LinkError("The link is broken: a part of it may be missing, or it holds too much.");
  });
  return checked(text);
}

/**
 * @param {string} text
 * @returns {Shared}
 */
function checked(text) {
  /** @type {unknown} */
  let held;
  try {
    held = JSON.parse(text);
  } catch {
    held = null;
  }
  if (!isRecord(held) || typeof held["code"] !== "string" || !held["code"].trim())
    throw new LinkError("The link holds no score function.");
  const name = typeof held["name"] === "string" ? held["name"].trim().slice(0, LONGEST.name) : "";
  return { name: name || "A score function from a link", code: held["code"], settings: settingsOf(held["settings"]) };
}

/**
 * @param {unknown} held
 * @returns {SharedSettings}
 */
function settingsOf(held) {
  if (!isRecord(held)) return {};
  /** @type {SharedSettings} */
  const settings = {};
  for (const { name, lowest, highest } of NUMBERS) {
    const value = held[name];
    const shared = NUMERIC.find((each) => each === name);
    if (shared && typeof value === "number" && value >= lowest && value <= highest)
      settings[shared] = Math.round(value);
  }
  if (typeof held["policy"] === "string" && /^\w{0,40}$/.test(held["policy"])) settings.policy = held["policy"];
  const sources = services(checkedSources(held["sources"]) ?? []);
  if (sources.length) settings.sources = sources;
  if (isRecord(held["filters"])) settings.filters = checkedFilters(held["filters"]);
  if (typeof held["model"] === "string" && /^\w{1,40}$/.test(held["model"])) settings.model = held["model"];
  return settings;
}

/**
 * The sources that are services: what a person's collections are called is nobody's business.
 * @param {string[]} sources
 */
function services(sources) {
  return sources.filter((name) => !isOwnSource(name));
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === "object" && value !== null;
}
