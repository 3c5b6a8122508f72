/** @import {Search} from "../search/search.js" */
import { arrange, byId, hide, make, quote } from "../ui/dom.js";
import { plural } from "../ui/format.js";

const LONGEST = 8;

/** The searches of this visit, to go back to; their results are kept. */
export class Trail {
  #nav = byId("trail", HTMLElement);
  #list = byId("trail-list", HTMLElement);
  #onChosen;
  /** @type {Map<Search, HTMLElement>} Oldest first. */
  #steps = new Map();
  /** The one on show, from which somebody may go on. @type {Search | null} */
  #shown = null;

  /** @param {(search: Search) => void} onChosen */
  constructor(onChosen) {
    this.#onChosen = onChosen;
  }

  /** @param {Search} search */
  add(search) {
    const fruitless = [...this.#steps.keys()].filter(
      (old) => old.results.size === 0 && old.end?.reason !== "cancelled",
    );
    this.#steps.set(search, this.#step(search));
    for (const old of fruitless) this.#drop(old);
    // Who has gone back to the first one, and goes on from there, can go back to it again.
    const oldest = [...this.#steps.keys()].find((old) => old !== this.#shown);
    if (oldest && this.#steps.size > LONGEST) this.#drop(oldest);
  }

  /**
   * Whether a search can be gone back to.
   * @param {Search} search
   */
  has(search) {
    return this.#steps.has(search);
  }

  /** @param {Search} shown */
  draw(shown) {
    this.#shown = shown;
    const others = [...this.#steps].filter(([search]) => search !== shown);
    for (const [{ queryPhotos }, item] of others) drawPicture(item.querySelector("img"), queryPhotos);
    for (const [search, item] of others)
      item
        .querySelector("button")
        ?.setAttribute("aria-label", `${search.name}, ${plural(search.results.size, "result")}`);
    arrange(this.#list, others.map(([, item]) => item).toReversed());
    hide(this.#nav, others.length === 0);
  }

  /** @param {Search} search */
  #step(search) {
    const item = make("li");
    const button = make("button", search.text ? "trail-step worded" : "trail-step");
    button.type = "button";
    button.append(pictureOf(search));
    if (search.queryPhotos.length)
      button.append(quote("span", "trail-name", search.text || search.queryPhotos[0]?.file.name));
    button.title = search.name;
    button.addEventListener("click", () => this.#onChosen(search));
    item.append(button);
    return item;
  }

  /** @param {Search} search */
  #drop(search) {
    this.#steps.delete(search);
    search.results.dispose();
    const kept = new Set([...this.#steps.keys()].flatMap(({ queryPhotos }) => queryPhotos.map(({ file }) => file)));
    for (const { file } of search.queryPhotos) if (!kept.has(file)) file.dispose();
  }
}

/** @param {Search} search */
function pictureOf({ queryPhotos: [first], name }) {
  if (!first) return quote("span", "trail-word", name);
  const image = make("img");
  image.alt = "";
  image.src = first.file.url;
  image.addEventListener("error", () => image.classList.add("undrawable"));
  image.addEventListener("load", () => image.classList.remove("undrawable"));
  return image;
}

/**
 * What no browser draws is another file as soon as the engine has drawn it, whose address only what is in the page got.
 * @param {HTMLImageElement | null} image
 * @param {Search["queryPhotos"]} queryPhotos
 */
function drawPicture(image, [first]) {
  if (image && first && image.src !== first.file.url) image.src = first.file.url;
}
