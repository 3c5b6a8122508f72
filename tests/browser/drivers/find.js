/** What a page shows, by roles and accessible names, the same in every browser. */

import { computeAccessibleName, getRole } from "dom-accessibility-api";

/**
 * The elements on show that have a role, and a name where one is given.
 * @param {string} role  Of ARIA.
 * @param {string | null} name  The whole name; or its beginning, where it ends in "…".
 * @param {Element | null} within  Null for the whole page.
 */
export function find(role, name, within) {
  const start = name?.endsWith("…") ? name.slice(0, -1) : null;
  const named = (/** @type {Element} */ element) => {
    if (name === null) return true;
    const own = computeAccessibleName(element).trim();
    return start === null ? own === name : own.startsWith(start);
  };
  const all = [...(within ?? document).querySelectorAll("*")];
  return all.filter((element) => roleOf(element) === role && shown(element) && named(element));
}

/** @param {Element} element */
function roleOf(element) {
  // The table of roles that is used here leaves this one out: browsers expose it as a button.
  return element.localName === "summary" ? "button" : getRole(element);
}

/** @param {Element} element */
function shown(element) {
  // A field for files may be there for assistive technology and a button alone.
  return element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true], [inert]");
}
