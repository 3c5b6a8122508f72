/**
 * @import {FinishedMessage, MarkName, NotedMessage, Photo, ProgressMessage, ScoredMessage, Settings, SkippedMessage,
 *   Stance, StartedMessage} from "../protocol.js"
 */
/** @import {Forms} from "../client/forms.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Crop, QueryPhoto} from "../search/query-photo.js" */
import { isOwn, isOwnSource } from "../source-name.js";
import { readMessage } from "../client/forms.js";
import { checkedSettings, checkedSources } from "../settings/preferences.js";
import { PhotoFile } from "../search/photo-file.js";
import { MOST, Search } from "../search/search.js";
import { checkedPhoto, text } from "../shortlist/record.js";
import { tidy } from "../query/address.js";

/**
 * @typedef {{bytes: Uint8Array<ArrayBuffer>, name: string, type: string, of: string, weight: number, crop: Crop |
 *   null}} KeptQueryPhoto
 */
/**
 * @typedef {{id: string, score: number, first: string, verdict: Result["verdict"], unveiled: boolean, sought:
 *   boolean}} Standing  `first`: the one that it is a near-duplicate of, or itself.
 */

/**
 * A search as it is kept, but for its photos.
 * @typedef {object} State
 * @property {number} at        When its first results came, in Unix seconds.
 * @property {string} scorer   The scorer in charge; "" for the published one.
 * @property {string} model     The network.
 * @property {string} text
 * @property {Settings | null} settings  Null where it had not begun.
 * @property {[string, Stance][]} stances
 * @property {[string, MarkName][]} marks
 * @property {"hide" | "veil" | null} unsafe
 * @property {string | null} only  The collection that alone is searched; "" for none.
 * @property {[string, number][]} asked
 * @property {number} known
 * @property {number[]} calls  How many results there were when each call was answered.
 * @property {(StartedMessage | NotedMessage | SkippedMessage | ProgressMessage | FinishedMessage)[]} messages  As the
 *   engine sent them.
 * @property {Standing[]} standings  In the order in which they came.
 * @property {number | null} itself  What the query photo scores with itself; null where it says nothing of others.
 * @property {string[] | null} order  The scorer's, where it is not that of the scores.
 */

/**
 * A result as it is kept; a collection has the picture of an own photo. @typedef {{photo: Photo, tag: string,
 * thumbnail: Uint8Array, before: boolean}} Row
 */

/** Bytes of the photos that a search starts from; with more it is not kept. */
const LARGEST = 32e6;
/** So many of the photos that were skipped are told of after a reload. */
const MOST_SKIPPED = 300;
const NOTHING = new Uint8Array();

/**
 * @param {Search} search
 * @param {Pick<State, "at" | "scorer" | "model">} context
 * @returns {State}
 */
export function stateOf(search, context) {
  const { text, settings, stances, marks, unsafe, only, asked, known, calls, results, interrupted } = search;
  const id = 0;
  /** @type {State["messages"]} */
  const messages = search.notes.map((problem) => ({ type: "noted", id, problem }));
  if (search.seed !== null) messages.push({ type: "started", id, seed: search.seed, guesses: search.guesses });
  messages.push(...search.skipped.slice(-MOST_SKIPPED));
  if (search.progress) messages.push(search.progress);
  if (search.end && !interrupted) messages.push(search.end);
  return {
    ...context,
    text,
    settings,
    stances: [...stances],
    marks: [...marks],
    unsafe,
    only,
    asked: [...asked],
    known,
    calls,
    messages,
    standings: results.arrived.map(({ photo, score, alike, verdict, unveiled, sought }) => ({
      id: photo.id,
      score,
      first: alike[0]?.photo.id ?? photo.id,
      verdict,
      unveiled,
      sought,
    })),
    itself: results.itself,
    order: results.order,
  };
}

/**
 * What a search starts from.
 * @param {Search} search
 * @returns {KeptQueryPhoto[] | null}  Null where it is too large to be kept.
 */
export function queryPhotosOf({ queryPhotos }) {
  if (queryPhotos.reduce((sum, { file }) => sum + file.bytes.length, 0) > LARGEST) return null;
  return queryPhotos.map(({ file: { bytes, name, type, of }, weight, crop }) => ({
    bytes,
    name,
    type,
    of,
    weight,
    crop,
  }));
}

/**
 * @param {Result} result
 * @returns {Row}
 */
export function rowOf({ photo, tag, thumbnail, before }) {
  return { photo, tag, thumbnail: isOwn(photo) ? NOTHING : thumbnail, before };
}

/**
 * A search as it was kept: what is stored in a browser may be anything, so each part is read as what comes from an
 * engine is.
 * @param {{state: unknown, sources: unknown, photos: unknown[]}} stored  `sources` are the query photos
 * @param {Forms} forms
 * @param {(photo: Photo) => Promise<Uint8Array | null>} own  Gives the picture of an own photo; null where it is
 *   there no more.
 * @returns {Promise<Search>}
 * @throws where it is nothing that was kept by this version of the page.
 */
export async function searchOf({ state, sources, photos: rows }, forms, own) {
  const held = /** @type {Record<keyof State, any>} */ (state);
  const photos = /** @type {any[]} */ (sources).slice(0, MOST).map(queryPhotoOf);
  const begin = () => {
    const begun = new Search(photos, new Map(pairs(held.stances, ["pin", "ban"])), tidy(String(held.text)));
    begun.only = checkedSources([held.only])?.find(isOwnSource) ?? "";
    return begun;
  };
  const search = begin();
  search.settings = held.settings && checkedSettings(held.settings);
  if (!search.settings) return search;
  search.id = 0;
  search.unsafe = ["hide", "veil"].includes(held.unsafe) ? held.unsafe : null;
  search.known = whole(held.known);
  search.calls = held.calls.map(whole);
  for (const [tag, count] of held.asked) search.asked.set(text(tag, 200), whole(count));
  for (const message of held.messages) search.apply(/** @type {any} */ (readMessage(message, forms)));
  await addResults(search, held, new Map(rows.map((row) => [Object(row).photo?.id, row])), forms, own);
  for (const [photo, mark] of pairs(held.marks, ["liked", "disliked"])) search.marks.set(photo, mark);
  if (search.end) return search;
  // It begins again, and is told again what it was told of its words, and what it asked.
  if (!search.results.size) return begin();
  search.interrupt();
  return search;
}

/**
 * @param {Search} search
 * @param {Record<keyof State, any>} held
 * @param {Map<string, any>} rows
 * @param {Forms} forms
 * @param {(photo: Photo) => Promise<Uint8Array | null>} own
 */
async function addResults({ results }, { standings, itself, order }, rows, forms, own) {
  for (const standing of standings) {
    const { id, verdict, unveiled, sought } = standing;
    const message = await scoredOf(standing, rows.get(id), itself, own);
    if (!message) continue;
    results.add(/** @type {ScoredMessage} */ (readMessage(message, forms)));
    const result = results.find(id);
    if (!result) continue;
    result.verdict = verdict === "safe" || verdict === "unsafe" ? verdict : "none";
    result.unveiled = unveiled === true;
    result.sought ||= sought === true;
  }
  results.arrange(Array.isArray(order) ? order.map(String) : null);
}

/**
 * What an engine would have sent of a result.
 * @param {any} standing
 * @param {any} row
 * @param {any} itself
 * @param {(photo: Photo) => Promise<Uint8Array | null>} own
 * @returns {Promise<unknown>}  Null where its photo or its picture is there no more.
 */
async function scoredOf({ id, score, first }, row, itself, own) {
  const photo = row && checkedPhoto(row.photo);
  const thumbnail = photo && (isOwn(photo) ? await own(photo) : row.thumbnail);
  if (!thumbnail) return null;
  return {
    type: "scored",
    id: 0,
    photo,
    score,
    tag: row.tag,
    twin: first === id ? null : first,
    thumbnail,
    before: row.before === true,
    itself: Number.isFinite(itself) ? itself : null,
  };
}

/**
 * @param {any} held
 * @returns {QueryPhoto}
 */
function queryPhotoOf({ bytes, name, type, of, weight, crop }) {
  if (!(bytes instanceof Uint8Array) || !Number.isFinite(weight)) throw new TypeError("no photo to start from");
  const file = new PhotoFile(new Uint8Array(bytes), text(name, 300), /^image\/[\w.+-]+$/.test(type) ? type : "");
  file.of = text(of, 1000);
  const part = Array.isArray(crop) && crop.length === 4 && crop.every((edge) => edge >= 0 && edge <= 1);
  return { file, weight, crop: part ? /** @type {Crop} */ (crop) : null };
}

/**
 * @template {string} V
 * @param {any} held
 * @param {V[]} values
 * @returns {[string, V][]}
 */
function pairs(held, values) {
  return held.filter((/** @type {any} */ pair) => typeof pair[0] === "string" && values.includes(pair[1]));
}

/** @param {unknown} value */
function whole(value) {
  return typeof value === "number" && value >= 0 && value <= 1e9 ? Math.round(value) : 0;
}
