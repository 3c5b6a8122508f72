/** @import {ReadyMessage, PolicyChoice as Choice, Settings, Tally} from "../protocol.js" */
/** @import {Preferences} from "./preferences.js" */
import { ChoiceList } from "../ui/choice-list.js";
import { byId, write } from "../ui/dom.js";
import { openModal } from "../ui/modal.js";
import { NumberField } from "../ui/number-field.js";
import { NUMBERS, THOROUGH } from "./preferences.js";
import { kept, plural } from "../ui/format.js";

const FORGOTTEN = "Forgotten: the next search begins with nothing.";
const FORGOTTEN_LATER =
  "Nothing is deleted yet, as the page has not started. It is deleted as soon as it has started here.";
const NOT_FORGOTTEN =
  "The browser did not delete what services have answered. Reload the page and try again, or delete this site’s data in the browser’s settings.";

/** The settings: every change is kept at once, and counts from the next search. */
export class SettingsDialog {
  #dialog = byId("settings", HTMLDialogElement);
  #shortcuts = byId("shortcuts-on", HTMLInputElement);
  #forgotten = byId("found-forgotten", HTMLElement);
  #preferences;
  #onOpened;
  #onReset;
  #tally;
  /** @type {Choice[]} */
  #choices = [];
  #policies = new ChoiceList("policies", "policy", (name) => this.#preferences.keep({ policy: name }));
  #thorough = new ChoiceList("thoroughness", "thoroughness", (name) => this.#setThorough(name));
  /** @type {Map<string, NumberField>} */
  #numbers = new Map();

  /**
   * @param {Preferences} preferences
   * @param {{onOpened: () => void, onClosed: () => void, onReset: () => void, onForget: () => Promise<Tally | null>,
   *   tally: () => Promise<Tally | null>}} callbacks  `tally`: how much is kept of what services have answered.
   */
  constructor(preferences, callbacks) {
    this.#preferences = preferences;
    this.#onOpened = callbacks.onOpened;
    this.#onReset = callbacks.onReset;
    this.#tally = callbacks.tally;
    byId("open-settings", HTMLButtonElement).addEventListener("click", () => this.open());
    byId("close-settings", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    byId("settings-form", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
    byId("forget-found", HTMLButtonElement).addEventListener("click", () => this.#forget(callbacks.onForget()));
    byId("reset-settings", HTMLButtonElement).addEventListener("click", () => this.#reset());
    this.#dialog.addEventListener("close", callbacks.onClosed);
    this.#shortcuts.addEventListener("change", () => (preferences.shortcuts = this.#shortcuts.checked));
    for (const rule of NUMBERS) this.#addNumber(rule);
    this.#draw();
  }

  /** The name of the policy to search with: the one chosen where the engine has it, else its default. */
  get policy() {
    const { policy } = this.#preferences.settings;
    return this.#choices.some((choice) => choice.name === policy) ? policy : (this.#choices[0]?.name ?? policy);
  }

  /** @param {ReadyMessage} ready */
  ready({ policies, versions }) {
    this.#choices = policies;
    write(
      byId("versions", HTMLElement),
      Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(" · "),
    );
    this.#draw();
  }

  /**
   * Changes some of the settings, for what is kept.
   * @param {Partial<Settings>} settings
   */
  take(settings) {
    this.#preferences.keep(settings);
    this.#draw();
  }

  /** Opens the dialog. */
  open() {
    if (this.#dialog.open) return;
    this.#onOpened();
    write(this.#forgotten, "");
    this.#tally().then((tally) => this.#drawKept(tally));
    openModal(this.#dialog);
  }

  /** Closes the dialog, where it is open. */
  close() {
    this.#dialog.close();
  }

  /** @param {typeof NUMBERS[number]} rule */
  #addNumber(rule) {
    const field = new NumberField(rule, (value) => {
      this.#preferences.keep({ [rule.name]: value });
      this.#drawThorough();
    });
    this.#numbers.set(rule.name, field);
    byId(rule.name === "neighbours" ? "own-fields" : "number-fields", HTMLElement).append(field.element);
  }

  #reset() {
    this.#preferences.reset();
    this.#draw();
    this.#onReset();
  }

  /** @param {string} name  One of `THOROUGH`. */
  #setThorough(name) {
    const choice = THOROUGH.find((each) => each.name === name);
    if (choice) this.take({ photos: choice.photos, calls: choice.calls });
  }

  /** @param {Promise<Tally | null>} forgetting  Null where it is done at the next start alone. */
  async #forget(forgetting) {
    write(this.#forgotten, "");
    try {
      const left = await forgetting;
      if (left) this.#drawKept(left);
      write(this.#forgotten, left ? FORGOTTEN : FORGOTTEN_LATER);
    } catch {
      write(this.#forgotten, NOT_FORGOTTEN);
    }
  }

  /** @param {Tally | null} tally */
  #drawKept(tally) {
    write(byId("found-kept", HTMLElement), tally ? kept(tally) : "");
  }

  #drawThorough() {
    const { photos } = this.#preferences.settings;
    const chosen = THOROUGH.find((choice) => choice.photos === photos);
    this.#thorough.show(THOROUGH, chosen?.name ?? "");
    const own = byId("thoroughness-own", HTMLElement);
    own.hidden = !!chosen;
    write(own, chosen ? "" : `Now it looks at ${plural(photos, "photo")}, as set for researchers.`);
  }

  #draw() {
    this.#drawThorough();
    for (const rule of NUMBERS) this.#numbers.get(rule.name)?.show(this.#preferences.settings[rule.name]);
    this.#shortcuts.checked = this.#preferences.shortcuts;
    if (this.#choices.length) this.#policies.show(this.#choices, this.policy);
  }
}
