import { hex } from "../hex.js";

/**
 * The tab's name, while no page of it is alive: so a copy of the tab, which gets all else that is stored, gets none.
 */
const NAME = "lookalike.tab";
/** What the lock of a tab is called, before its name. */
const LOCK = "lookalike.tab.";

/** This tab, which is the same one after a reload. */
export class Tab {
  #left = taken();
  /** Whether the page was here before, and is to come back. */
  returning = this.#left !== "" && navigated() !== "navigate";
  /** Its name. */
  id = this.returning ? this.#left : newName();

  /** Whether the page goes. */
  #going = false;

  /** @param {() => void} hidden  The page is hidden: a phone may throw it away without another word. */
  constructor(hidden) {
    // The other tabs see by it that this one lives.
    navigator.locks?.request(LOCK + this.id, () => new Promise(() => {})).catch(() => {});
    addEventListener("pagehide", () => {
      this.#going = true;
      put(this.id);
    });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#stay());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "hidden") return this.#stay();
      put(this.id);
      // What is written while a page goes is given up with it, in Firefox with a warning.
      if (!this.#going) hidden();
    });
  }

  /** The page is on show: whoever copies the tab now copies no name. */
  #stay() {
    this.#going = false;
    put("");
  }

  /** The names of all tabs that live; null where nobody knows. @returns {Promise<Set<string> | null>} */
  async living() {
    const state = await navigator.locks?.query().catch(() => null);
    if (!state) return null;
    const names = [...(state.held ?? []), ...(state.pending ?? [])].flatMap(({ name }) =>
      name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : [],
    );
    return new Set([...names, this.id]);
  }
}

function taken() {
  try {
    const id = sessionStorage.getItem(NAME) ?? "";
    sessionStorage.removeItem(NAME);
    return /^[0-9a-f]{32}$/.test(id) ? id : "";
  } catch {
    return "";
  }
}

/** @param {string} id  "" to forget it. */
function put(id) {
  try {
    if (id) sessionStorage.setItem(NAME, id);
    else sessionStorage.removeItem(NAME);
  } catch {
    // Where nothing is stored, nothing comes back.
  }
}

/** A name that no other tab has. */
function newName() {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

/** How this page was come to: "navigate", "reload", "back_forward". */
function navigated() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming ? entry.type : "navigate";
}
