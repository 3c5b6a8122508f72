import { byId, write } from "../ui/dom.js";

const SHAPE = /^[0-9a-f]{32}$/i;
const WRONG = "A key is 32 characters, 0–9 and a–f. This is none, and is not tried.";
const HINT = "Kept in this browser only, and sent to Flickr only.";

/** Asks for the key to Flickr: on the page while there is none, in the settings later. */
export class KeyPanel {
  #panel = byId("key-panel", HTMLElement);
  #field = byId("key", HTMLInputElement);
  #hint = byId("key-hint", HTMLElement);
  #show = byId("key-show", HTMLButtonElement);
  #forget = byId("key-forget", HTMLButtonElement);
  #onKey;

  /**
   * @param {string} key  The one that is known, or "".
   * @param {(key: string) => void} onKey  A key was given, or forgotten ("").
   */
  constructor(key, onKey) {
    this.#onKey = onKey;
    this.know(key);
    byId("key-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#field.addEventListener("input", () => this.#judge());
    this.#show.addEventListener("click", () => this.#reveal(this.#show.ariaPressed !== "true"));
    this.#forget.addEventListener("click", () => {
      this.know("");
      this.#onKey("");
      this.#field.focus();
    });
  }

  /** The key that the field holds, entered or not, or "": dropping a photo is as good as a click on the button. */
  get typed() {
    const { value } = this;
    return SHAPE.test(value) ? value : "";
  }

  /** What the field holds, a key or not. */
  get value() {
    return this.#field.value.trim();
  }

  /**
   * Shows the panel at a place of the page.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#panel.parentElement !== place) place.append(this.#panel);
    this.#panel.hidden = false;
  }

  /**
   * Shows a key that is known by now.
   * @param {string} key  "" for none.
   */
  know(key) {
    this.#field.value = key;
    this.#forget.hidden = !key;
    this.#reveal(false);
    this.#judge();
  }

  /** Whether somebody can see it. */
  get visible() {
    return this.#panel.checkVisibility();
  }

  /** Hides the panel. */
  hide() {
    this.#panel.hidden = true;
  }

  /**
   * Says what waits for the key.
   * @param {string} words  "" for nothing.
   */
  setWaiting(words) {
    const place = byId("key-waiting", HTMLElement);
    write(place, words);
    place.hidden = !words;
  }

  /** Puts the person at the field. */
  focus() {
    this.#field.focus();
    this.#field.select();
  }

  /**
   * Says at the field what is wrong with the key, and puts the person there.
   * @param {string} reason
   */
  refuse(reason) {
    this.#warn(reason);
    this.focus();
  }

  #submit() {
    const key = this.value;
    if (!key) return this.refuse("Paste your key here first.");
    if (!SHAPE.test(key)) return this.refuse(WRONG);
    this.know(key);
    this.#onKey(key);
  }

  #judge() {
    const key = this.value;
    if (key && !SHAPE.test(key)) this.#warn(WRONG);
    else this.#warn("");
  }

  /** @param {string} warning */
  #warn(warning) {
    write(this.#hint, warning || HINT);
    this.#hint.classList.toggle("warning", !!warning);
  }

  /** @param {boolean} readable */
  #reveal(readable) {
    this.#field.classList.toggle("masked", !readable);
    this.#show.ariaPressed = String(readable);
  }
}
