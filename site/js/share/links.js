/** @import {Shared} from "./shared-measure.js" */
/** @import {Problem} from "../protocol.js" */
import { LinkError, readFragment } from "./shared-measure.js";

/** Takes the measure out of the page's address, and the address's fragment with it. */
export class Links {
  #on;

  /** @param {{shared: (shared: Shared) => void, broken: (problem: Problem) => void}} on */
  constructor(on) {
    this.#on = on;
    addEventListener("hashchange", () => this.read());
  }

  /** Reads the address as it is now. */
  async read() {
    const { hash, pathname, search } = location;
    if (!/^#m\d+=/.test(hash)) return;
    // Else a reload would ask again, and a bookmark hold it.
    history.replaceState(null, "", pathname + search);
    try {
      this.#on.shared(await readFragment(hash));
    } catch (error) {
      const message = error instanceof LinkError ? error.message : "The link cannot be read.";
      this.#on.broken({
        code: "link",
        message,
        advice: "Nothing of it was run. Ask for the link anew, or for the measure as a file, which the editor imports.",
        line: null,
      });
    }
  }
}
