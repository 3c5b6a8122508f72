/** @import {ServiceChoice} from "../protocol.js" */
/** @import {Calls} from "./calls.js" */
/** @import {Searchable} from "./catalogue.js" */
import { arrange, byId, fromTemplate, within, write } from "../ui/dom.js";
import { FIRST } from "../settings/defaults.js";
import { builtIn, entriesOf, terms } from "./catalogue.js";

/** Where to search: the services, and below them what else is offered. At least one stays chosen. */
export class SourceChoice {
  #list = byId("sources-list", HTMLElement);
  #said = byId("sources-said", HTMLElement);
  /** @type {Searchable[]} */
  #services = builtIn();
  /** @type {Searchable[]} */
  #collections = [];
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  #callbacks;
  #calls;

  /**
   * @param {Calls} calls
   * @param {{kept: () => string[], onChanged: (names: string[]) => void}} callbacks  The names, chosen or not offered
   *   now.
   */
  constructor(calls, callbacks) {
    this.#calls = calls;
    this.#callbacks = callbacks;
    this.draw();
  }

  /** What is chosen, in the order shown; never empty. */
  get chosen() {
    const kept = this.#callbacks.kept();
    const chosen = this.#entries.filter(({ name }) => kept.includes(name)).map(({ name }) => name);
    return chosen.length ? chosen : [FIRST];
  }

  /** @param {ServiceChoice[]} services  What the engine has. */
  ready(services) {
    this.#services = entriesOf(services);
    this.draw();
  }

  /**
   * Offers the person's collections, in place of those offered before. A name is "collection:ID".
   * @param {{name: string, title: string, note: string}[]} collections
   */
  offer(collections) {
    this.#collections = collections;
    this.draw();
  }

  /** @param {string} name */
  titleOf(name) {
    return this.#entries.find((entry) => entry.name === name)?.title ?? name;
  }

  /** A service that is not chosen and takes no key; null where there is none. */
  get another() {
    const { chosen } = this;
    return this.#services.find(({ name, key }) => !key && !chosen.includes(name)) ?? null;
  }

  /** @param {string} name  Of what is to be searched, too. */
  add(name) {
    this.#choose((each) => each === name || this.chosen.includes(each));
  }

  /** @param {string} name */
  needsKey(name) {
    return !!this.#entries.find((entry) => entry.name === name)?.key;
  }

  /** Draws it as it is now. */
  draw() {
    const { chosen } = this;
    arrange(
      this.#list,
      this.#entries.map((entry) => this.#row(entry, chosen)),
    );
  }

  get #entries() {
    return [...this.#services, ...this.#collections];
  }

  /**
   * @param {Searchable} entry
   * @param {string[]} chosen
   */
  #row(entry, chosen) {
    const row = this.#rows.get(entry.name) ?? this.#newRow(entry.name);
    write(within(row, ".service-title", HTMLElement), entry.title);
    write(within(row, ".service-about", HTMLElement), entry.note);
    write(within(row, ".service-limits", HTMLElement), this.#left(entry));
    within(row, "input", HTMLInputElement).checked = chosen.includes(entry.name);
    return row;
  }

  /** @param {string} name */
  #newRow(name) {
    const row = fromTemplate("service-template", HTMLLIElement);
    const box = within(row, "input", HTMLInputElement);
    const note = within(row, ".note", HTMLElement);
    box.id = `source-${name}`;
    note.id = `${box.id}-note`;
    box.setAttribute("aria-describedby", note.id);
    within(row, "label", HTMLLabelElement).htmlFor = box.id;
    box.addEventListener("change", () => this.#toggle(name, box));
    this.#rows.set(name, row);
    return row;
  }

  /**
   * @param {string} name
   * @param {HTMLInputElement} box
   */
  #toggle(name, box) {
    const { chosen } = this;
    const last = chosen.length === 1 && chosen[0] === name;
    if (last) box.checked = true;
    write(this.#said, last ? "One has to stay chosen." : "");
    if (last) return;
    this.#choose((each) => (each === name ? box.checked : chosen.includes(each)));
  }

  /** @param {(name: string) => boolean} wanted  Says it of what is offered. */
  #choose(wanted) {
    // What is not offered now, a collection that is still being read, stays as it was.
    const others = this.#callbacks.kept().filter((kept) => !this.#entries.some((entry) => entry.name === kept));
    const now = this.#entries.map((entry) => entry.name).filter(wanted);
    this.#callbacks.onChanged([...now, ...others]);
    this.draw();
  }

  /**
   * What may be asked of it, or what is left of that today.
   * @param {Searchable} entry
   */
  #left(entry) {
    const { name, per_day } = entry;
    const made = per_day ? this.#calls.of(name).length : 0;
    if (!per_day || !made) return terms(entry);
    return `${Math.max(0, per_day - made).toLocaleString("en")} of ${per_day.toLocaleString("en")} calls left today.`;
  }
}
