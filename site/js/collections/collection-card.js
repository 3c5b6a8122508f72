/** @import {Collection} from "../shelf/records.js" */
/** @import {Listed} from "../shelf/shelf.js" */
/** @import {Library} from "./library.js" */
import { fromTemplate, make, within, write } from "../ui/dom.js";
import { shown } from "../results/shown.js";
import { extent, interruptedWords, inTime, now, TERMS } from "./amounts.js";
import { Cover } from "./cover.js";
import { jobWords } from "./job-words.js";

/**
 * What can be asked of a collection.
 * @typedef {object} CardActs
 * @property {(id: string) => void} onSearch
 * @property {(id: string) => void} onPhotos
 * @property {(id: string, how: "folder" | "files") => void} onAdd
 * @property {(id: string, name: string) => void} onRename
 * @property {(id: string, seconds: number) => void} onExpire
 * @property {(id: string) => void} onRemove
 * @property {(id: string) => void} onReembed
 * @property {(id: string) => void} onExported
 * @property {(id: string, wish: "pause" | "resume" | "stop") => void} onConduct
 */

const FAILURES = 100;

/** One collection: what it is, how the work on it goes, and what can be done with it. */
export class CollectionCard {
  element = fromTemplate("collection-template", HTMLLIElement);
  #cover;
  #library;
  #id;
  #failures = 0;
  /** What is offered of when it is deleted. */
  #offered = "";

  /**
   * @param {string} id
   * @param {Library} library
   * @param {CardActs} actions
   */
  constructor(id, library, actions) {
    this.#id = id;
    this.#library = library;
    this.#cover = new Cover(this.#part(".collection-cover"), library.shelf);
    this.element.dataset["id"] = id;
    this.#on("search", () => actions.onSearch(id));
    this.#on("photos", () => actions.onPhotos(id));
    this.#on("pause", () => actions.onConduct(id, library.job(id)?.state === "paused" ? "resume" : "pause"));
    this.#on("stop", () => actions.onConduct(id, "stop"));
    this.#on("reembed", () => actions.onReembed(id));
    this.#on("add-folder", () => actions.onAdd(id, "folder"));
    this.#on("add-files", () => actions.onAdd(id, "files"));
    this.#on("export", () => actions.onExported(id));
    this.#on("manage", () => this.#manage());
    this.#on("delete", () => this.#ask(true));
    this.#on("keep", () => this.#ask(false));
    this.#on("sure", () => actions.onRemove(id));
    this.#name.addEventListener("change", () => actions.onRename(id, this.#name.value));
    this.#expires.addEventListener("change", () => {
      // Should nothing come of it, what was chosen before is to be seen again.
      this.#offered = "";
      actions.onExpire(id, Number(this.#expires.value));
    });
  }

  /**
   * @param {Listed} listed
   * @param {boolean} chosen  Whether it is what is searched.
   */
  draw({ id, collection }, chosen) {
    const name = collection?.name ?? `Collection ${id}`;
    this.element.ariaLabel = name;
    this.element.classList.toggle("chosen", chosen);
    write(this.#part(".collection-name"), name);
    write(this.#part(".collection-facts"), collection ? this.#facts(collection) : "");
    this.#drawNote(collection, chosen);
    this.#drawJob(name);
    this.#drawActs(collection, chosen);
    if (collection) this.#cover.draw(id, collection.count);
    if (collection && document.activeElement !== this.#name) this.#name.value = name;
    this.#drawExpires(collection && this.#library.expiryOf(collection));
    write(
      this.#part(".collection-sure p"),
      `Delete “${name}”, and what is kept of its photos? The photos themselves stay where they are.`,
    );
  }

  /** Gives back what it holds. */
  dispose() {
    this.#cover.dispose();
  }

  /** @param {Collection} collection */
  #facts(collection) {
    const expires = this.#library.expiryOf(collection);
    const parts = [extent(collection), this.#library.titleOf(collection)].filter(Boolean);
    if (expires !== null) parts.push(`will be deleted ${inTime(expires, now())}`);
    return parts.join(" · ");
  }

  /**
   * @param {Collection | null} collection
   * @param {boolean} chosen
   */
  #drawNote(collection, chosen) {
    const note = this.#part(".collection-note");
    const warning = this.#warning(collection);
    const words = warning || (chosen ? "This is what is searched." : "");
    note.classList.toggle("warning", !!warning);
    note.hidden = !words;
    write(note, words);
  }

  /** @param {Collection | null} collection */
  #warning(collection) {
    const library = this.#library;
    const damaged = library.damaged.get(this.#id);
    if (!collection) return "Its record is damaged: it can only be deleted. Your other collections are not touched.";
    if (damaged)
      return `${damaged.message} Process its photos again, or delete it and add its folder again; other collections are not touched.`;
    if (library.elsewhere.has(this.#id) && !library.job(this.#id)?.active) return "Another tab works on it.";
    if (library.isInterrupted(collection)) return interruptedWords(collection);
    if (library.isOfAnotherNetwork(collection) && collection.count)
      return `It was made with another network (${this.#library.titleOf(collection)}), and can be searched only when its photos have been processed again.`;
    return "";
  }

  /** @param {string} name */
  #drawJob(name) {
    const job = this.#library.job(this.#id);
    this.#part(".collection-job").hidden = !job || !jobWords(job);
    if (!job) return;
    const bar = within(this.element, "progress", HTMLProgressElement);
    bar.hidden = !job.active;
    bar.ariaLabel = `Progress of ${name}`;
    if (job.total) bar.value = job.done / job.total;
    else bar.removeAttribute("value");
    write(this.#part(".collection-pace"), jobWords(job));
    this.#drawFailures(job.failures, job.notes);
  }

  /**
   * @param {import("../protocol.js").Failure[]} failures
   * @param {import("../protocol.js").Failure[]} notes
   */
  #drawFailures(failures, notes) {
    const place = this.#part(".collection-failures");
    const all = [...failures, ...notes];
    place.hidden = !all.length;
    if (all.length === this.#failures) return;
    this.#failures = all.length;
    const words = [
      failures.length && `${failures.length.toLocaleString("en")} could not be opened`,
      notes.length && `${notes.length.toLocaleString("en")} opened in part`,
    ];
    write(within(place, "summary", HTMLElement), words.filter(Boolean).join(", "));
    const items = all.slice(0, FAILURES).map(({ path, reason }) => {
      const item = make("li", "", shown(path));
      item.append(make("span", "", shown(reason)));
      return item;
    });
    if (all.length > FAILURES) items.push(make("li", "", `and ${(all.length - FAILURES).toLocaleString("en")} more`));
    within(place, "ul", HTMLElement).replaceChildren(...items);
  }

  /**
   * @param {Collection | null} collection
   * @param {boolean} chosen
   */
  #drawActs(collection, chosen) {
    const job = this.#library.job(this.#id);
    const active = !!job?.active;
    const another = !!collection && this.#library.isOfAnotherNetwork(collection);
    const damaged = this.#library.damaged.has(this.#id);
    this.#button("search").hidden = !collection?.count || another || chosen;
    this.#button("photos").hidden = !collection?.count;
    this.#button("pause").hidden = !active || job?.state === "waiting";
    write(this.#button("pause"), job?.state === "paused" ? "Resume" : "Pause");
    this.#button("stop").hidden = !active;
    this.#button("reembed").hidden = active || !collection?.count || !(another || damaged);
    this.#button("export").hidden = !collection?.count;
    // What is not there yet, or not whole, has nothing that could be changed.
    this.#button("manage").hidden =
      active && (job.action === "open" || (job.action === "create" && !collection?.count));
    for (const name of ["add-folder", "add-files", "export"])
      this.#button(name).ariaDisabled = String(active || !collection);
  }

  /** @param {number | null} expires */
  #drawExpires(expires) {
    const select = this.#expires;
    if (document.activeElement === select) return;
    const chosen = expires === null ? "" : inTime(expires, now());
    const offered = `${expires} ${chosen}`;
    if (offered === this.#offered) return;
    this.#offered = offered;
    const options = TERMS.map(([seconds, words]) => new Option(words, String(seconds)));
    if (chosen) {
      const current = new Option(chosen, "", true, true);
      // It is how things are, and nothing that could be chosen again.
      current.disabled = true;
      options.unshift(current);
    }
    select.replaceChildren(...options);
  }

  #manage() {
    const panel = this.#part(".collection-manage");
    panel.hidden = !panel.hidden;
    this.#button("manage").ariaExpanded = String(!panel.hidden);
    this.#ask(false);
  }

  /** @param {boolean} open */
  #ask(open) {
    const group = this.#part(".collection-sure");
    if (group.hidden !== open) return;
    group.hidden = !open;
    this.#button(open ? "keep" : "delete").focus();
  }

  get #name() {
    return within(this.element, ".rename", HTMLInputElement);
  }

  get #expires() {
    return within(this.element, ".expires", HTMLSelectElement);
  }

  /** @param {string} selector */
  #part(selector) {
    return within(this.element, selector, HTMLElement);
  }

  /** @param {string} name */
  #button(name) {
    return within(this.element, `button.${name}`, HTMLButtonElement);
  }

  /**
   * @param {string} name
   * @param {() => void} act
   */
  #on(name, act) {
    const button = this.#button(name);
    button.addEventListener("click", () => button.ariaDisabled !== "true" && act());
  }
}
