const KEY = "lookalike.draft";

/**
 * A scorer that has been changed and not been run: kept for this tab while it is reloaded.
 * @typedef {{name: string, code: string}} Draft
 */

/**
 * Keeps what is held whenever the page may go; a phone gives no later sign than that it is hidden.
 * @param {() => Draft | null} held  Null where nothing would be lost.
 */
export function keepDraft(held) {
  document.addEventListener("visibilitychange", () => document.hidden && keep(held()));
  addEventListener("pagehide", () => keep(held()));
}

/** @param {Draft | null} draft */
function keep(draft) {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Without storage, it is lost as any text on a page that is left.
  }
}

/** What was kept before the page was loaded. @returns {Draft | null} */
export function keptDraft() {
  try {
    const { name, code } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return typeof name === "string" && typeof code === "string" ? { name, code } : null;
  } catch {
    return null;
  }
}
