/** @import {Filters} from "../protocol.js" */
/** @import {Treatment} from "../safety/screening.js" */
import { byId, make, write } from "../ui/dom.js";
import { CHOICES, dayOf, describedFilters, NO_FILTERS, timeOf } from "./filters.js";

/** Pixels that are offered as the least. */
const SIZES = [0, 500, 1000, 2000, 4000];

/** What may become of pictures that look unsafe. @type {Record<Treatment, string>} */
const TREATMENTS = { hide: "Left out", veil: "Covered", show: "Shown: none is checked" };

/** What a photo must be: each change counts from the next search. */
export class FilterForm {
  #license = byId("filter-license", HTMLSelectElement);
  #size = byId("filter-size", HTMLSelectElement);
  #since = byId("filter-since", HTMLInputElement);
  #until = byId("filter-until", HTMLInputElement);
  #safe = byId("filter-safe", HTMLInputElement);
  #unsafe = byId("filter-unsafe", HTMLSelectElement);
  #form = byId("filters-form", HTMLFormElement);
  #said = byId("filters-said", HTMLElement);
  #button = byId("open-filters", HTMLButtonElement);
  #resets = [byId("reset-filters", HTMLButtonElement), byId("clear-filters", HTMLButtonElement)];
  #callbacks;
  /** The days as they were when somebody came to one of them. @type {Pick<Filters, "since" | "until"> | null} */
  #days = null;

  /**
   * @param {{kept: () => Filters, onChanged: (filters: Filters) => void, treatment: () => Treatment, onTreat:
   *   (treatment: Treatment) => void}} callbacks
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#license.append(...Object.entries(CHOICES.license).map(([value, title]) => new Option(title, value)));
    this.#unsafe.append(...Object.entries(TREATMENTS).map(([value, title]) => new Option(title, value)));
    segments("filter-orientation", "orientation", CHOICES.orientation);
    segments("filter-colour", "colour", CHOICES.colour);
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("change", ({ target }) => this.#read(target));
    for (const field of [this.#since, this.#until]) {
      field.addEventListener("focus", () => (this.#days = callbacks.kept()));
      field.addEventListener("blur", () => {
        this.#days = null;
        this.draw();
      });
    }
    this.#unsafe.addEventListener("change", () => callbacks.onTreat(/** @type {Treatment} */ (this.#unsafe.value)));
    for (const button of this.#resets) button.addEventListener("click", () => this.#reset(button));
    this.draw();
  }

  /** Shows the filters as they are kept. */
  draw() {
    const filters = this.#callbacks.kept();
    const { license, since, until, orientation, colour, min_size, safe } = filters;
    this.#license.value = license;
    showDay(this.#since, since);
    showDay(this.#until, until);
    choose(this.#form, "orientation", orientation);
    choose(this.#form, "colour", colour);
    const sizes = SIZES.includes(min_size) ? SIZES : [...SIZES, min_size];
    this.#size.replaceChildren(
      ...sizes.map((size) => new Option(size ? `${size.toLocaleString("en")} px or more` : "Any", String(size))),
    );
    this.#size.value = String(min_size);
    this.#safe.checked = safe;
    this.#unsafe.value = this.#callbacks.treatment();
    this.#unsafe.disabled = !safe;
    const set = describedFilters(filters);
    write(byId("filters-count", HTMLElement), String(set.length));
    byId("filters-badge", HTMLElement).hidden = !set.length;
    this.#button.title = set.join("\n");
    // Not `disabled`: that would take the focus from who has just pressed it.
    for (const button of this.#resets) button.ariaDisabled = String(!set.length);
    byId("clear-filters", HTMLElement).hidden = !set.length;
  }

  /** @param {EventTarget | null} changed */
  #read(changed) {
    if (changed === this.#unsafe) return;
    const data = new FormData(this.#form);
    let since = timeOf(this.#since.value, "begin");
    let until = timeOf(this.#until.value, "end");
    // Of a day that is typed, browsers tell part by part: what an earlier part has put right may be right as it was.
    if (this.#days && changed === this.#since) until = this.#days.until;
    if (this.#days && changed === this.#until) since = this.#days.since;
    const crossed = since !== null && until !== null && since > until;
    if (crossed && changed === this.#since) until = timeOf(this.#since.value, "end");
    else if (crossed) since = timeOf(this.#until.value, "begin");
    write(this.#said, crossed ? "The last day was before the first: now they are the same." : "");
    this.#callbacks.onChanged(
      /** @type {Filters} */ ({
        license: this.#license.value,
        since,
        until,
        orientation: data.get("orientation"),
        colour: data.get("colour"),
        min_size: Number(this.#size.value),
        safe: this.#safe.checked,
      }),
    );
    this.draw();
  }

  /** @param {HTMLButtonElement} pressed */
  #reset(pressed) {
    this.#callbacks.onChanged({ ...NO_FILTERS });
    write(this.#said, "");
    this.draw();
    if (pressed.hidden) this.#button.focus({ preventScroll: true });
  }
}

/**
 * Shows a day, but not to who is typing one: browsers tell of each digit, and of "2024" first comes the year 2, which
 * counts as none. Once the field is left, it shows what counts.
 * @param {HTMLInputElement} field
 * @param {number | null} time
 */
function showDay(field, time) {
  if (field !== document.activeElement) field.value = time === null ? "" : dayOf(time);
}

/**
 * Radio buttons in a row.
 * @param {string} place
 * @param {string} name
 * @param {Record<string, string>} choices
 */
function segments(place, name, choices) {
  const rows = Object.entries(choices).map(([value, title]) => {
    const label = make("label", "segment");
    const radio = make("input");
    Object.assign(radio, { type: "radio", name, value });
    label.append(radio, make("span", value === "any" ? "" : `shape ${value}`, title));
    return label;
  });
  byId(place, HTMLElement).append(...rows);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} value
 */
function choose(form, name, value) {
  const list = form.elements.namedItem(name);
  if (list instanceof RadioNodeList) list.value = value;
}
