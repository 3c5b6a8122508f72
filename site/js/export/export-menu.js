/** @import {Search} from "../search/search.js" */
import { byId, hide } from "../ui/dom.js";
import { download } from "../ui/download.js";
import { Menu } from "../ui/menu.js";
import { contactSheet } from "./contact-sheet.js";
import { csv } from "./csv.js";
import { recordsOf } from "./export-records.js";

/** The results as a file: for programs, for spreadsheets, and for people. */
export class ExportMenu {
  #place = byId("export-results", HTMLElement);
  #menu = new Menu("export-results");
  #callbacks;

  /**
   * @param {{shown: () => Search | null, onJudged: (search: Search) => Promise<void>, scorer: () => string, titleOf:
   *   (source: string) => string}} callbacks
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#offer("export-json", (search, records) =>
      download(name(search, "json"), `${JSON.stringify(records, null, 1)}\n`, "application/json"),
    );
    this.#offer("export-csv", (search, records) => download(name(search, "csv"), csv(records), "text/csv"));
    this.#offer("export-sheet", (search, records) =>
      download(name(search, "html"), contactSheet(drawable(search), records), "text/html"),
    );
  }

  /** @param {boolean} some  Whether there is anything to export. */
  draw(some) {
    hide(this.#place, !some);
  }

  /**
   * @param {string} id
   * @param {(search: Search, records: ReturnType<typeof recordsOf>) => void} act
   */
  #offer(id, act) {
    byId(id, HTMLButtonElement).addEventListener("click", async () => {
      this.#menu.close();
      const search = this.#callbacks.shown();
      if (!search) return;
      await this.#callbacks.onJudged(search);
      act(search, recordsOf(search, this.#callbacks.scorer(), this.#callbacks.titleOf, new Date()));
    });
  }
}

/**
 * The results that are exported; null for those whose pictures are not to be drawn.
 * @param {Search} search
 */
function drawable({ results }) {
  return results.admitted.map((result) => (results.shows(result) ? result : null));
}

/**
 * @param {Search} search
 * @param {string} ending
 */
function name({ results, text }, ending) {
  const words = text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .slice(0, 40)
    .replace(/^-|-$/g, "");
  return `lookalike-${words && `${words}-`}${new Date().toISOString().slice(0, 10)}-${results.admittedOf("")}.${ending}`;
}
