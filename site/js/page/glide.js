const STILL = matchMedia("(prefers-reduced-motion: reduce)");
const EASING = "cubic-bezier(.2, .7, .2, 1)";

/**
 * Where the children of an element are drawn now.
 * @param {Element} parent
 * @returns {Map<Element, DOMRect>}
 */
export function positions(parent) {
  return new Map([...parent.children].map((child) => [child, child.getBoundingClientRect()]));
}

/**
 * Lets elements glide from where they were to where they are, and new ones fade in; not for those
 * who prefer less motion.
 * @param {Map<Element, DOMRect>} before
 * @param {Element[]} elements
 */
export function glide(before, elements) {
  if (STILL.matches) return;
  for (const element of elements) for (const animation of element.getAnimations()) animation.cancel();
  const after = elements.map((element) => element.getBoundingClientRect());
  for (const [i, element] of elements.entries()) {
    const from = before.get(element);
    const to = after[i];
    if (!to || (from && from.left === to.left && from.top === to.top)) continue;
    const start = from ? { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)` } : { opacity: 0 };
    element.animate([start, {}], { duration: 280, easing: EASING });
  }
}
