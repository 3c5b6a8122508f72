/** @import {Filters} from "../protocol.js" */
/** @import {Shared} from "./shared-scorer.js" */
import { describedFilters } from "../filters/filters.js";
import { byId, make, write } from "../ui/dom.js";
import { openModal } from "../ui/modal.js";
import { NUMBERS } from "../settings/preferences.js";
import { listed, plural } from "../ui/format.js";

/** What looks like nothing, or turns text around, and so could hide code from who reads it. */
const HIDDEN = /[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Shows the scorer of a link, which runs only if the person says so. */
export class SharedDialog {
  #dialog = byId("shared", HTMLDialogElement);
  #code = byId("shared-code", HTMLElement);
  #onRun;
  #titleOf;
  /** @type {Shared | null} */
  #shared = null;

  /** @param {{run: (shared: Shared) => void, titleOf: (source: string) => string}} on */
  constructor({ run, titleOf }) {
    this.#onRun = run;
    this.#titleOf = titleOf;
    byId("shared-discard", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("shared-run", HTMLButtonElement).addEventListener("click", () => this.#run());
    this.#dialog.addEventListener("close", () => this.#forget());
  }

  /** @param {Shared} shared */
  show(shared) {
    this.#shared = shared;
    const marked = shared.code
      .replaceAll("\r\n", "\n")
      .replace(HIDDEN, (hidden) => `⟨U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
    write(
      byId("shared-name", HTMLElement),
      `It calls itself “${shared.name.replace(HIDDEN, "")}”, and has ${plural(shared.code.split("\n").length, "line")}.`,
    );
    write(this.#code, marked);
    byId("shared-hidden", HTMLElement).hidden = !HIDDEN.test(shared.code.replaceAll("\r\n", "\n"));
    HIDDEN.lastIndex = 0;
    this.#drawSettings(shared);
    // Its heading has the focus, as what has it is scrolled to: the warning comes first, and Enter runs nothing.
    openModal(this.#dialog);
    this.#dialog.scrollTop = 0;
  }

  /** @param {Shared} shared */
  #drawSettings({ settings }) {
    const numbers = NUMBERS.flatMap(({ name, label }) =>
      name !== "seed" && name !== "neighbours" && settings[name] !== undefined
        ? [`${label}: ${settings[name].toLocaleString("en")}`]
        : [],
    );
    const lines = settings.policy ? [...numbers, `Policy: ${settings.policy}`] : numbers;
    if (settings.sources) lines.push(`Where to search: ${listed(settings.sources.map(this.#titleOf))}`);
    if (settings.filters) lines.push(...filterLines(settings.filters));
    if (settings.model) lines.push(`Network: ${settings.model}`);
    byId("shared-settings", HTMLElement).replaceChildren(...lines.map((line) => make("li", "", line)));
    byId("shared-changes", HTMLElement).hidden = lines.length === 0;
  }

  #run() {
    const shared = this.#shared;
    this.#dialog.close();
    if (shared) this.#onRun(shared);
  }

  #forget() {
    this.#shared = null;
    write(this.#code, "");
  }
}

/** @param {Filters} filters */
function filterLines(filters) {
  const lines = describedFilters(filters);
  return lines.length ? lines.map((line) => `Filter: ${line}`) : ["No filters"];
}
