/** @import {Search} from "../search/search.js" */
import { byId, write } from "../ui/dom.js";

/** What alone is searched, until somebody takes that back: a collection. The services that are ticked stay so meanwhile. */
export class Only {
  #chip = byId("only", HTMLElement);
  #words = byId("only-words", HTMLElement);
  #end = byId("only-end", HTMLButtonElement);
  #source = "";
  /** @type {{name: string, title: string}[]} */
  #offered = [];

  /** @param {() => void} ended  The services that are ticked are to be searched again. */
  constructor(ended) {
    this.#end.addEventListener("click", () => {
      this.source = "";
      ended();
    });
  }

  /** Its name, "collection:ID"; "" where all that is ticked is searched. */
  get source() {
    return this.#source;
  }

  set source(source) {
    this.#source = source;
    this.#draw();
  }

  /** What it is called: by the collection's name where there are several. */
  get title() {
    const title = this.#offered.find(({ name }) => name === this.#source)?.title;
    return title && this.#offered.length > 1 ? title : "my photos";
  }

  /**
   * A search comes on show: a new one is confined as is set here, one of before as it was.
   * @param {Search} search
   */
  follow(search) {
    search.only ??= this.#source;
    this.source = search.only;
  }

  /**
   * What there is to search of the person's own; what is there no more, nothing is confined to.
   * @param {{name: string, title: string}[]} offered
   * @param {boolean} known  Whether that is all, and not still being read.
   */
  offer(offered, known) {
    this.#offered = offered;
    if (known && !offered.some(({ name }) => name === this.#source)) this.#source = "";
    this.#draw();
  }

  /**
   * Shows the chip here.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#chip.parentElement !== place) place.append(this.#chip);
  }

  #draw() {
    this.#chip.hidden = !this.#source;
    write(this.#words, `Only: ${this.title}`);
    this.#end.ariaLabel = this.#end.title = `Not only ${this.title}`;
  }
}
