/** How many times a picture may be enlarged. */
const MOST = 8;
/** What a press of a key or a button does, and a double click. */
const [STEP, DOUBLE] = [1.5, 2.5];
/** Pixels by which an arrow key moves an enlarged picture. */
const PAN = 80;
/** Pixels that a finger must move for a swipe, and that it may for a tap. */
const [SWIPE, STILL] = [48, 10];
/** Milliseconds and pixels between the two taps of a double one. */
const [SOON, NEAR] = [400, 32];
/** Pixels that a wheel turns for twice the size. */
const TURN = 240;

/** @typedef {{x: number, y: number}} Point */

/**
 * Enlarges a picture in its frame, where fingers, mouse or keys want it, and moves it; a swipe over one that is whole
 * leads on.
 */
export class Zoom {
  #frame;
  #image;
  #callbacks;
  #scale = 1;
  /** How far the picture's middle is from the frame's, in pixels. @type {Point} */
  #at = { x: 0, y: 0 };
  /** Where each finger is. @type {Map<number, Point>} */
  #fingers = new Map();
  /** Where a stroke of one finger began; null where it is none, as there were two. @type {Point | null} */
  #from = null;
  /** The last tap. @type {(Point & {time: number}) | null} */
  #tap = null;

  /**
   * @param {HTMLElement} stage  Where gestures begin.
   * @param {HTMLElement} frame  Which holds the picture, and is there whether that is or not.
   * @param {HTMLImageElement} image
   * @param {{onZoomed: () => void, onSwiped: (step: -1 | 1) => void}} callbacks
   */
  constructor(stage, frame, image, callbacks) {
    this.#frame = frame;
    this.#image = image;
    this.#callbacks = callbacks;
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", ({ pointerId }) => this.#lift(pointerId));
    frame.addEventListener("wheel", (event) => this.#turn(event), { passive: false });
    image.addEventListener("load", () => this.#draw());
    new ResizeObserver(() => this.#draw()).observe(frame);
  }

  get scale() {
    return this.#scale;
  }

  get most() {
    return this.#scale >= MOST;
  }

  /** Shows the picture whole. */
  reset() {
    this.#scale = 1;
    this.#draw();
  }

  /** @param {-1 | 1} way  Larger, or smaller. */
  step(way) {
    this.#zoom(this.#scale * STEP ** way, { x: 0, y: 0 });
  }

  /**
   * What a key does to the picture.
   * @param {string} key  As KeyboardEvent has it.
   * @returns {(() => void) | undefined}
   */
  key(key) {
    const steps = { "+": () => this.step(1), "=": () => this.step(1), "-": () => this.step(-1), 0: () => this.reset() };
    const pan = (/** @type {number} */ x, /** @type {number} */ y) => () => this.#pan({ x: x * PAN, y: y * PAN });
    const moves = { ArrowLeft: pan(1, 0), ArrowRight: pan(-1, 0), ArrowUp: pan(0, 1), ArrowDown: pan(0, -1) };
    return { ...steps, ...(this.#scale > 1 ? moves : {}) }[key];
  }

  /**
   * @param {number} scale
   * @param {Point} point  What is there stays there.
   */
  #zoom(scale, point) {
    const next = Math.min(MOST, Math.max(1, scale));
    const factor = next / this.#scale;
    this.#scale = next;
    this.#at = { x: point.x - (point.x - this.#at.x) * factor, y: point.y - (point.y - this.#at.y) * factor };
    this.#draw();
  }

  /** @param {Point} by */
  #pan({ x, y }) {
    this.#at = { x: this.#at.x + x, y: this.#at.y + y };
    this.#draw();
  }

  /** Draws it, with no gap at an edge that it could fill. */
  #draw() {
    const { clientWidth, clientHeight } = this.#frame;
    const { naturalWidth, naturalHeight } = this.#image;
    const whole = Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight);
    const within = (/** @type {number} */ at, /** @type {number} */ drawn, /** @type {number} */ room) => {
      const over = Math.max(0, drawn * whole * this.#scale - room) / 2;
      return Math.min(over, Math.max(-over, at));
    };
    // While another file takes its place, it has no size for a moment.
    if (naturalWidth)
      this.#at = {
        x: within(this.#at.x, naturalWidth, clientWidth),
        y: within(this.#at.y, naturalHeight, clientHeight),
      };
    const { x, y } = this.#at;
    this.#image.style.transform = this.#scale > 1 ? `translate(${x}px, ${y}px) scale(${this.#scale})` : "";
    this.#callbacks.onZoomed();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button) return;
    this.#fingers.set(event.pointerId, place(event));
    this.#from = this.#fingers.size === 1 ? place(event) : null;
    // A drag may leave the stage, and end outside; what a finger does is told where it began.
    if (event.pointerType === "mouse" && event.target instanceof Element)
      event.target.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = place(event);
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.#fingers.set(event.pointerId, now);
    if (other) {
      this.#zoom(
        this.#scale * (distance(now, other) / Math.max(1, distance(before, other))),
        this.#inFrame(other, now),
      );
      // The middle between the two moves half as far.
      this.#pan({ x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 });
    } else if (this.#scale > 1) this.#pan({ x: now.x - before.x, y: now.y - before.y });
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const from = this.#from;
    this.#lift(event.pointerId);
    if (!from) return;
    const now = place(event);
    if (distance(from, now) <= STILL) this.#tapped(now, event.timeStamp);
    else if (this.#scale === 1 && Math.abs(now.x - from.x) >= SWIPE) this.#callbacks.onSwiped(now.x < from.x ? 1 : -1);
  }

  /** @param {number} pointer */
  #lift(pointer) {
    this.#fingers.delete(pointer);
    this.#from = null;
  }

  /**
   * @param {Point} now
   * @param {number} time
   */
  #tapped(now, time) {
    const first = this.#tap;
    const double = first && time - first.time < SOON && distance(first, now) < NEAR;
    this.#tap = double ? null : { ...now, time };
    if (double) this.#zoom(this.#scale > 1 ? 1 : DOUBLE, this.#inFrame(now));
  }

  /** @param {WheelEvent} event */
  #turn(event) {
    if (!event.ctrlKey) return;
    // The page would be enlarged, and not the picture.
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode ? 16 : 1);
    this.#zoom(this.#scale * 2 ** (-pixels / TURN), this.#inFrame(place(event)));
  }

  /**
   * Where the middle of some points is, from the middle of the frame.
   * @param {Point[]} points
   */
  #inFrame(...points) {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    const mean = (/** @type {"x" | "y"} */ way) => points.reduce((sum, point) => sum + point[way], 0) / points.length;
    return { x: mean("x") - left - width / 2, y: mean("y") - top - height / 2 };
  }
}

/** @param {MouseEvent} event */
function place({ clientX, clientY }) {
  return { x: clientX, y: clientY };
}

/**
 * @param {Point} a
 * @param {Point} b
 */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
