/** The tab's name, while no page of it is alive: so a copy of the tab, which gets all else that is stored, gets none. */
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

  /** @param {() => void} leaving  The page may go in a moment, or be thrown away by a phone. */
  constructor(leaving) {
    // The other tabs see by it that this one lives.
    navigator.locks?.request(LOCK + this.id, () => new Promise(() => {})).catch(() => {});
    const leave = () => {
      put(this.id);
      leaving();
    };
    addEventListener("pagehide", leave);
    addEventListener("pageshow", ({ persisted }) => persisted && put(""));
    document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? leave() : put("")));
  }

  /** The names of all tabs that live; null where nobody knows. @returns {Promise<Set<string> | null>} */
  async living() {
    const state = await navigator.locks?.query().catch(() => null);
    if (!state) return null;
    const names = [...(state.held ?? []), ...(state.pending ?? [])].flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
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
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How this page was come to: "navigate", "reload", "back_forward". */
function navigated() {
  const [entry] = performance.getEntriesByType("navigation");
  return entry instanceof PerformanceNavigationTiming ? entry.type : "navigate";
}
