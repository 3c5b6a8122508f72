/** @import {Filters, ReadyMessage} from "../protocol.js" */
/** @import {Preferences} from "../settings/preferences.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Treatment} from "../safety/screening.js" */
/** @import {Calls} from "./calls.js" */
import { FilterForm } from "../filters/filter-form.js";
import { byId, hide, write } from "../ui/dom.js";
import { Popover } from "../ui/popover.js";
import { treatmentOf } from "../safety/screening.js";
import { Only } from "./only.js";
import { SourceChoice } from "./source-choice.js";

/** Where to search and what a photo must be: open on the first screen, later two buttons with a sheet each. */
export class SearchTools {
  #preferences;
  #callbacks;
  #sheets = { sources: new Popover("sources-sheet", 400), filters: new Popover("filters-sheet", 680) };
  #form;
  #again = [byId("sources-again", HTMLButtonElement), byId("filters-again", HTMLButtonElement)];

  /**
   * @param {Preferences} preferences
   * @param {Calls} calls
   * @param {{onChanged: () => void, onAgain: () => void, onRelease: () => void, onTreated: () => void}}
   *   callbacks  Something was chosen; to search again; to search everywhere that is ticked, in place of one
   *   collection.
   */
  constructor(preferences, calls, callbacks) {
    this.#preferences = preferences;
    this.#callbacks = callbacks;
    this.sources = new SourceChoice(calls, {
      kept: () => preferences.settings.sources,
      onChanged: (sources) => this.#tick(sources),
    });
    this.only = new Only(() => this.#release());
    this.#form = new FilterForm({
      kept: () => preferences.settings.filters,
      onChanged: (filters) => this.#keep({ filters }),
      treatment: () => treatmentOf(preferences.unsafe),
      onTreat: (treatment) => this.#treat(treatment),
    });
    this.#sheets.sources.serve(byId("open-sources", HTMLButtonElement), () => this.sources.draw());
    this.#sheets.filters.serve(byId("open-filters", HTMLButtonElement));
    for (const button of this.#again) {
      button.addEventListener("click", () => {
        for (const sheet of Object.values(this.#sheets)) sheet.close();
        callbacks.onAgain();
      });
    }
  }

  /** @param {ReadyMessage} ready */
  ready({ services }) {
    this.sources.ready(services);
  }

  /**
   * What a search is to search: the one collection that it is confined to, else all that is ticked.
   * @param {Search} search
   */
  chosenBy({ only }) {
    return only ? [only] : this.sources.chosen;
  }

  /** What is searched: the one collection that a search is confined to, else all that is ticked. */
  get chosen() {
    return this.only.source ? [this.only.source] : this.sources.chosen;
  }

  /**
   * Those that can be searched; none where all lack a key.
   * @param {boolean} withKey  Whether there is a key.
   * @param {string[]} [chosen]  Of which.
   */
  open(withKey, chosen = this.chosen) {
    return chosen.filter((name) => withKey || !this.sources.needsKey(name));
  }

  /** Another service that could be searched at once; null where one collection alone is, or there is none. */
  get another() {
    return this.only.source ? null : this.sources.another;
  }

  /**
   * Those of what is searched that a key is missing for.
   * @param {boolean} withKey
   */
  keyless(withKey) {
    return this.chosen.filter((name) => !withKey && this.sources.needsKey(name));
  }

  /**
   * @param {string} source  The collection that alone the next search is to search, without a change of what is
   *   ticked; "" for all that is.
   */
  confine(source) {
    this.only.confine(source);
    this.#name();
    this.#callbacks.onChanged();
  }

  /**
   * A search comes on show, with what it is confined to.
   * @param {Search} search
   */
  follow(search) {
    this.only.follow(search);
    this.#name();
  }

  /**
   * The person's collections, as something to search.
   * @param {{name: string, title: string, note: string}[]} offered
   * @param {boolean} known  Whether these are all.
   */
  offer(offered, known) {
    this.sources.offer(offered);
    this.only.offer(offered, known);
    this.#name();
  }

  /** Shows what is kept, after it was changed elsewhere, and searches that. */
  draw() {
    this.only.confine("");
    this.sources.draw();
    this.#form.draw();
    this.#name();
  }

  /** Moves the choice of services out of the first screen, into its sheet. */
  moveToWorkspace() {
    move("sources", "sources-sheet-body");
    move("search-tools", "workspace-tools");
    this.only.moveTo("workspace-only");
    byId("open-sources", HTMLElement).hidden = false;
    this.#name();
  }

  /** Moves all of it back to the first screen. */
  moveToLanding() {
    this.only.leave();
    this.only.moveTo("landing-only");
    move("sources", "landing-sources");
    move("search-tools", "landing-tools");
    byId("open-sources", HTMLElement).hidden = true;
  }

  /**
   * Offers to search again where the search on show was told otherwise.
   * @param {Search | null} search
   * @param {{sources: string[], filters: Filters}} wanted
   */
  offerAgain(search, { sources, filters }) {
    const told = search?.settings;
    const same = !told || JSON.stringify([told.sources, told.filters]) === JSON.stringify([sources, filters]);
    for (const button of this.#again) hide(button, same);
  }

  /** @param {Partial<{sources: string[], filters: Filters}>} change */
  #keep(change) {
    this.#preferences.keep(change);
    this.#name();
    this.#callbacks.onChanged();
  }

  /** @param {string[]} sources  Ticked by the person, who so says that these are to be searched. */
  #tick(sources) {
    this.only.confine("");
    this.#keep({ sources });
  }

  /** Back to what is ticked: at once, where there is a search. */
  #release() {
    // Else who pressed it on the first screen would be nowhere.
    byId("sources-list", HTMLElement).querySelector("input")?.focus();
    this.#callbacks.onRelease();
  }

  /** @param {Treatment} treatment  Of pictures that are likely unsafe: it counts at once. */
  #treat(treatment) {
    this.#preferences.unsafe = treatment === "hide" ? "" : treatment;
    this.#callbacks.onTreated();
  }

  #name() {
    const { source, title } = this.only;
    const titles = source ? [capital(title)] : this.sources.chosen.map((name) => this.sources.titleOf(name));
    write(
      byId("sources-when", HTMLElement),
      source
        ? `This search is of ${title} only; one from another photo is of all that is ticked.`
        : "For the next search.",
    );
    const [first = "", ...more] = titles;
    write(byId("sources-name", HTMLElement), first);
    write(byId("sources-more", HTMLElement), more.length ? `+ ${more.length}` : "");
    write(byId("sources-names", HTMLElement), `Where to search: ${titles.join(", ")}`);
  }
}

/** @param {string} title */
function capital(title) {
  return title[0]?.toUpperCase() + title.slice(1);
}

/**
 * @param {string} id
 * @param {string} place
 */
function move(id, place) {
  const element = byId(id, HTMLElement);
  if (element.parentElement?.id !== place) byId(place, HTMLElement).append(element);
}
