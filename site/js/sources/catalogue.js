/** @import {ServiceChoice} from "../protocol.js" */

/** @typedef {{name: string, title: string, note: string, key?: boolean, per_minute?: number | null, per_day?: number | null}} Entry  Something that can be searched. */

/** What a first visit searches. */
export const FIRST = "openverse";

/** The services as they are known before the engine is ready. @type {readonly Entry[]} */
export const SERVICES = [
  { name: "openverse", title: "Openverse", note: "Openly licensed photos of all kinds.", per_minute: 20, per_day: 200 },
  { name: "commons", title: "Wikimedia Commons", note: "Free photos, filed by subject.", per_minute: 200 },
  { name: "flickr", title: "Flickr", note: "The most photos; few may be reused.", key: true },
  {
    name: "wellcome",
    title: "Wellcome Collection",
    note: "Pictures of a museum of health: medicine, bodies, plants.",
    per_minute: 60,
  },
];

/**
 * The services that the engine has, with what is said of them here.
 * @param {ServiceChoice[]} services
 * @returns {Entry[]}
 */
export function entriesOf(services) {
  return services.map((service) => {
    const known = SERVICES.find(({ name }) => name === service.name);
    return { ...service, note: known?.note ?? "" };
  });
}

/**
 * What it takes to ask a service, and how often it may be: "20 calls a minute, 200 a day."
 * @param {Entry} entry
 */
export function terms({ key, per_minute, per_day }) {
  const minute = per_minute ? `${per_minute.toLocaleString("en")} calls a minute` : "";
  const day = per_day ? `${per_day.toLocaleString("en")}${minute ? "" : " calls"} a day` : "";
  const limits = [minute, day].filter(Boolean).join(", ");
  return [key ? "Needs your key." : "", limits && `${limits}.`].filter(Boolean).join(" ");
}
