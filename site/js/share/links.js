/** @import {Shared} from "./shared-scorer.js" */
/** @import {Problem} from "../protocol.js" */
import { LinkError, readFragment } from "./shared-scorer.js";

/** Takes the scorer out of the page's address, and the address's fragment with it. */
export class Links {
  #callbacks;

  /** @param {{onShared: (shared: Shared) => void, onBroken: (problem: Problem) => void}} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    addEventListener("hashchange", () => this.read());
  }

  /** Reads the address as it is now. */
  async read() {
    const { hash, pathname, search } = location;
    if (!/^#m\d+=/.test(hash)) return;
    // Else a reload would ask again, and a bookmark hold it.
    // The step stays that of its search, if there is one.
    history.replaceState(history.state, "", pathname + search);
    try {
      this.#callbacks.onShared(await readFragment(hash));
    } catch (error) {
      const message = error instanceof LinkError ? error.message : "The link cannot be read.";
      this.#callbacks.onBroken({
        code: "link",
        message,
        advice:
          "Nothing of it was run. Ask for the link again, or for the score function as a file, which the editor imports.",
        line: null,
      });
    }
  }
}
