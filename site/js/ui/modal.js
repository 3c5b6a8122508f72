/** Dialogs that were opened, the one that lies over the others last. @type {HTMLDialogElement[]} */
let opened = [];

/**
 * Opens a dialog over everything else, unless it is open.
 * @param {HTMLDialogElement} dialog
 */
export function openModal(dialog) {
  if (dialog.open) return;
  opened = [...opened.filter((each) => each !== dialog), dialog];
  dialog.showModal();
}

/**
 * Closes what lies over the page, but for dialogs that have ways out of their own.
 * @param {(dialog: HTMLDialogElement) => boolean} stays
 */
export function closeModals(stays) {
  for (const dialog of opened.toReversed()) if (dialog.open && !stays(dialog)) dialog.close();
}

/**
 * Does something when no dialog lies over the page: now, or as soon as all are closed.
 * @param {() => void} act
 */
export function afterModals(act) {
  const top = topDialog();
  if (top) top.addEventListener("close", () => afterModals(act), { once: true });
  else act();
}

/** The dialog that nobody gets past now; null where there is none. */
export function topDialog() {
  return opened.findLast((dialog) => dialog.open) ?? null;
}
