const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Lets new elements fade in, where they are; not for those who prefer less motion.
 * @param {Element[]} elements
 */
export function appear(elements) {
  if (STILL.matches) return;
  for (const element of elements) element.animate([{ opacity: 0 }, {}], { duration: 220, easing: "ease-out" });
}
