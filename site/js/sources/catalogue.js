/** @import {ServiceChoice} from "../protocol.js" */
import { byId } from "../ui/dom.js";

/**
 * @typedef {{name: string, title: string, note: string, key?: boolean, per_minute?: number | null, per_day?: number |
 *   null}} Searchable  Something that can be searched.
 */

/** What is said of each service. */
const NOTES = new Map([
  ["openverse", "Openly licensed photos of all kinds."],
  ["commons", "Free photos, filed by subject."],
  ["flickr", "The most photos; few may be reused."],
  ["wellcome", "Pictures of a museum of health: medicine, bodies, plants."],
]);

/**
 * The services as the build knows them, before the engine is ready.
 * @returns {Searchable[]}
 */
export function builtIn() {
  return entriesOf(JSON.parse(byId("known-services", HTMLScriptElement).text));
}

/**
 * Services, with what is said of them here.
 * @param {ServiceChoice[]} services
 * @returns {Searchable[]}
 */
export function entriesOf(services) {
  return services.map((service) => ({ ...service, note: NOTES.get(service.name) ?? "" }));
}

/**
 * What it takes to ask a service, and how often it may be: "20 calls a minute, 200 a day."
 * @param {Searchable} entry
 */
export function terms({ key, per_minute, per_day }) {
  const minute = per_minute ? `${per_minute.toLocaleString("en")} calls a minute` : "";
  const day = per_day ? `${per_day.toLocaleString("en")}${minute ? "" : " calls"} a day` : "";
  const limits = [minute, day].filter(Boolean).join(", ");
  return [key ? "Needs your key." : "", limits && `${limits}.`].filter(Boolean).join(" ");
}
