/** Draws once for however many changes: in the next frame, or after 100 ms where no frame comes, as in a hidden tab. */
export class FrameScheduler {
  #draw;
  #asked = false;

  /** @param {() => void} draw */
  constructor(draw) {
    this.#draw = draw;
  }

  /** Asks for a drawing. */
  request() {
    if (this.#asked) return;
    this.#asked = true;
    let drawn = false;
    const draw = () => {
      if (drawn) return;
      drawn = true;
      this.#asked = false;
      this.#draw();
    };
    requestAnimationFrame(draw);
    setTimeout(draw, 100);
  }
}
