/** @import {Photo} from "../protocol.js" */
/** @import {Result} from "../search/result.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Larger} from "./larger.js" */
import { isOwn } from "../source-name.js";
import { creditOf, webAddress } from "./credit.js";
import { plainLicence } from "../sources/plain-licence.js";
import { BLANK } from "./card.js";
import { copy } from "../ui/clipboard.js";
import { byId, make, quote, within, write } from "../ui/dom.js";
import { foundBy, nameOf, plural, share } from "../ui/format.js";

/** Words of a photo that are explained. */
const MOST = 8;

/** What the viewer says of a photo: whose it is, what may be done with it, how alike it is, and why it was found. */
export class ViewerFacts {
  #image = byId("viewer-image", HTMLImageElement);
  #query = byId("viewer-query-image", HTMLImageElement);
  #copied = byId("viewer-copied", HTMLElement);
  #words = byId("viewer-words", HTMLElement);
  #titleOf;
  #larger;
  /** @type {Result | null} */
  #result = null;

  /**
   * @param {(source: string) => string} titleOf
   * @param {Larger} larger
   */
  constructor(titleOf, larger) {
    this.#titleOf = titleOf;
    this.#larger = larger;
    this.#query.addEventListener("error", () => (byId("viewer-query", HTMLElement).hidden = true));
    byId("viewer-credit", HTMLButtonElement).addEventListener("click", () => this.#copy());
  }

  /**
   * @param {Search} search
   * @param {Result} result
   * @param {{place: number, count: number}} standing
   */
  draw(search, result, { place, count }) {
    if (result !== this.#result) this.#show(search, result);
    write(byId("viewer-rank", HTMLElement), `${place + 1} of ${count}`);
    byId("viewer-previous", HTMLElement).ariaDisabled = String(place === 0);
    byId("viewer-next", HTMLElement).ariaDisabled = String(place === count - 1);
    const mark = search.marks.get(result.photo.id);
    byId("viewer-like", HTMLElement).ariaPressed = String(mark === "liked");
    byId("viewer-less", HTMLElement).ariaPressed = String(mark === "disliked");
    this.#picture(search, result);
    this.#likeness(search, result);
    this.#why(search, result);
  }

  /**
   * @param {Search} search
   * @param {Result} result
   */
  #show({ queryPhotos }, result) {
    this.#result = result;
    const [first] = queryPhotos;
    const { photo } = result;
    byId("viewer-query", HTMLElement).hidden = !first;
    const several = `The first of your ${plural(queryPhotos.length, "photo")}`;
    write(byId("viewer-query-caption", HTMLElement), queryPhotos.length > 1 ? several : "Your photo");
    if (first) Object.assign(this.#query, { src: first.file.url, alt: `Your photo, ${first.file.name}` });
    write(byId("viewer-title", HTMLElement), nameOf(photo));
    write(byId("viewer-owner", HTMLElement), photo.owner ? `by ${photo.owner}` : "");
    this.#rights(photo);
    write(this.#copied, "");
  }

  /**
   * The picture, where it may be drawn: until it is judged, or if it is likely unsafe, its place is free.
   * @param {Search} search
   * @param {Result} result
   */
  #picture({ results }, result) {
    const shows = results.shows(result);
    const unsafe = !shows && result.verdict === "unsafe";
    // The small one is here; the larger one takes its place when it is, too, and needs no judgement of its own.
    const address = shows && result.thumbnail.length ? this.#larger.url(result) || result.url : BLANK;
    if (this.#image.src !== address) this.#image.src = address;
    this.#image.alt = `${nameOf(result.photo)}${unsafe ? ": likely unsafe, so not shown" : ""}`;
    byId("viewer-unveil", HTMLElement).hidden = !unsafe;
    write(byId("viewer-caption", HTMLElement), result.thumbnail.length ? "Found" : "Its picture is not here now.");
  }

  /** @param {Photo} photo */
  #rights(photo) {
    const own = isOwn(photo);
    write(byId("viewer-plain", HTMLElement), own ? "One of your own photos." : plainLicence(photo.license).full);
    link("viewer-licence", own ? "" : photo.license, photo.license_url);
    const from = this.#titleOf(photo.source);
    link(
      "viewer-page",
      own || !webAddress(photo.page_url) ? "" : `Its page${from ? `, found by ${from}` : ""}`,
      photo.page_url,
    );
    byId("viewer-credit", HTMLElement).hidden = own;
    byId("viewer-own", HTMLElement).hidden = !own;
  }

  /**
   * @param {Search} search
   * @param {Result} result
   */
  #likeness({ results, queryPhotos, marks }, { score }) {
    const { likeness } = results;
    within(byId("viewer", HTMLElement), ".viewer-likeness", HTMLElement).style.setProperty(
      "--share",
      likeness.part(score).toFixed(3),
    );
    write(
      byId("viewer-share", HTMLElement),
      `${likeness.words(score, { photos: queryPhotos.length, marked: marks.size > 0 })}.`,
    );
  }

  /**
   * The words under which it was found, and what each has said so far about likeness.
   * @param {Search} search
   * @param {Result} result
   */
  #why({ progress }, { photo, tag, before }) {
    const known = (progress?.estimates ?? []).filter(({ count }) => count > 0);
    const means = known.map(({ mean }) => mean);
    const [best, worst] = [Math.max(...means), Math.min(...means)];
    const carried = known
      .filter((estimate) => estimate.tag === tag || photo.tags.includes(estimate.tag))
      .sort((a, b) => b.mean - a.mean);
    const found = foundBy({ tag, before }) || (isOwn(photo) ? "It is among the nearest of your own photos." : "");
    write(
      byId("viewer-found", HTMLElement),
      `${found}${carried.length ? " How alike photos with its words are:" : photo.tags.length ? ` Its words: ${photo.tags.slice(0, 12).join(", ")}.` : ""}`.trim(),
    );
    this.#words.replaceChildren(
      ...carried.slice(0, MOST).map((estimate) => row(estimate, share(estimate.mean, best, worst))),
    );
  }

  async #copy() {
    if (!this.#result) return;
    const credit = creditOf(this.#result.photo);
    try {
      await copy(credit);
      write(this.#copied, `Copied: ${credit}`);
    } catch {
      write(this.#copied, credit);
      getSelection()?.selectAllChildren(this.#copied);
    }
  }
}

/**
 * @param {{tag: string, count: number}} estimate
 * @param {number} part  How much it says, from 0 to 1.
 */
function row({ tag, count }, part) {
  const item = make("li");
  const gauge = make("span", "gauge");
  gauge.ariaHidden = "true";
  item.style.setProperty("--share", part.toFixed(3));
  item.append(
    quote("span", "viewer-word", tag),
    gauge,
    make("span", "note", `${Math.round(100 * part)} %, ${plural(count, "photo")}`),
  );
  return item;
}

/**
 * A link; only its words where it has no address, and nothing without words.
 * @param {string} id
 * @param {string} text
 * @param {string} url
 */
function link(id, text, url) {
  const anchor = byId(id, HTMLAnchorElement);
  const address = webAddress(url);
  anchor.hidden = !text;
  if (address) anchor.href = address;
  else anchor.removeAttribute("href");
  write(anchor, text);
}
