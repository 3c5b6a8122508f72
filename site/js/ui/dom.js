/**
 * The element of index.html with this id.
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} with id ${id}`);
  return element;
}

/**
 * The first descendant that a selector finds.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function within(parent, selector, kind) {
  const element = parent.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`no ${kind.name} matches ${selector}`);
  return element;
}

/**
 * A copy of the one element in a template of index.html.
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function fromTemplate(id, kind) {
  const copy = document.importNode(byId(id, HTMLTemplateElement).content, true);
  const element = copy.firstElementChild;
  if (!(element instanceof kind)) throw new Error(`template ${id} holds no ${kind.name}`);
  return element;
}

/**
 * A new element with a class and a text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/**
 * A new element with words that are not the page's, which may be written from right to left.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} text
 * @returns {HTMLElementTagNameMap[T]}
 */
export function quote(tag, className, text) {
  const element = make(tag, className, text);
  element.dir = "auto";
  return element;
}

/**
 * Writes a text only where it differs, so that a page full of live numbers stays still.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Hides an element or shows it, only where that changes: a browser works out the styles again of whatever is set.
 * @param {HTMLElement} element
 * @param {boolean} hidden
 */
export function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * Makes a parent hold exactly these children in this order. The one that has the focus is never
 * moved, because moving an element takes its focus away.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  const still = children.find((child) => child.contains(document.activeElement) && child.parentNode === parent);
  /** @type {Element | null} */
  let next = null;
  for (const child of children.toReversed()) {
    if (child !== still && (child.parentNode !== parent || child.nextElementSibling !== next))
      parent.insertBefore(child, next);
    next = child;
  }
}

/**
 * Does something in place of following a link; what opens it elsewhere, a key or another button of the mouse, still
 * does.
 * @param {string} id
 * @param {() => void} act
 */
export function onPlainClick(id, act) {
  byId(id, HTMLAnchorElement).addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    act();
  });
}
