const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Lets new elements fade in, where they are; not for those who prefer less motion, and not where nobody looks: each
 * that fades has a layer of its own, and when many come at once a browser needs several frames to put these together.
 * @param {Element[]} elements
 */
export function appear(elements) {
  if (STILL.matches) return;
  // All is read before anything is changed.
  const seen = elements.filter((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return top < innerHeight && bottom > 0;
  });
  for (const element of seen) element.animate([{ opacity: 0 }, {}], { duration: 220, easing: "ease-out" });
}
