/** @import {Problem} from "../protocol.js" */
import { byId, make } from "../ui/dom.js";

/**
 * Photos to try the page with, and what each shows; the build draws them (lookalike_build/samples.py). @type
 * {[string, string][]}
 */
const SAMPLES = [
  ["sunset", "a sunset"],
  ["mountain", "a mountain"],
  ["forest", "a forest"],
  ["city", "a city at night"],
  ["daisy", "a daisy"],
  ["balloons", "balloons"],
  ["sailing", "sailing boats"],
  ["lake", "a lake in autumn"],
];

/** Something to try on the first screen, for those who have no photo at hand. */
export class Samples {
  #callbacks;

  /**
   * @param {{onIntake: () => () => boolean, onTake: (files: File[]) => void, onProblem: (problem: Problem) => void}}
   *   callbacks  `onIntake`: a file is to be fetched; it gives whether that is still wanted.
   */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    byId("sample-list", HTMLElement).append(...SAMPLES.map(([name, what]) => this.#item(name, what)));
  }

  /**
   * @param {string} name
   * @param {string} what
   */
  #item(name, what) {
    const item = make("li");
    const button = make("button", "sample");
    const image = make("img");
    button.type = "button";
    button.title = `Try with ${what}`;
    Object.assign(image, { src: address(name), alt: button.title, width: 288, height: 192, decoding: "async" });
    button.append(image);
    button.addEventListener("click", () => this.#choose(name));
    item.append(button);
    return item;
  }

  /** @param {string} name */
  async #choose(name) {
    const wanted = this.#callbacks.onIntake();
    try {
      const response = await fetch(address(name));
      if (!response.ok) throw new Error(`${response.status}`);
      const photo = await response.blob();
      if (wanted()) this.#callbacks.onTake([new File([photo], `${name}.jpg`, { type: "image/jpeg" })]);
    } catch {
      if (!wanted()) return;
      const advice = "Check the connection and try again, or choose a photo of your own.";
      this.#callbacks.onProblem({
        code: "photo-file",
        message: "This picture could not be fetched.",
        advice,
        line: null,
      });
    }
  }
}

/** @param {string} name */
function address(name) {
  return new URL(`samples/${name}.jpg`, document.baseURI).href;
}
