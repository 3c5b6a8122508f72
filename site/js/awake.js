/**
 * Time awake: while a device sleeps, or the browser stops a page, nobody can answer, and no clock tells it.
 *
 * A clock that is read often, and sees a long step, has slept. So each step counts for so much at most.
 */

/** Milliseconds between two looks at the clock. */
const STEP = 1000;

/** Counts the time in which it was read, step by step. */
export class AwakeClock {
  #now;
  #longest;
  #last;
  #time = 0;
  #slept = 0;

  /**
   * @param {number} [longest]  Milliseconds that a step counts for at most: more than pass between two readings.
   * @param {() => number} [now]  Gives milliseconds.
   */
  constructor(longest = 2 * STEP, now = () => performance.now()) {
    this.#longest = longest;
    this.#now = now;
    this.#last = now();
  }

  /** Milliseconds awake since it was made. */
  read() {
    const now = this.#now();
    const step = Math.max(0, now - this.#last);
    this.#last = now;
    this.#time += Math.min(step, this.#longest);
    this.#slept += Math.max(0, step - this.#longest);
    return this.#time;
  }

  /** Milliseconds that were not counted, up to the last reading. */
  get slept() {
    return this.#slept;
  }
}

/**
 * Do something after so much time awake.
 * @param {number} time  Milliseconds.
 * @param {() => void} then
 * @param {AwakeClock} [clock]
 * @returns {() => void}  How to prevent it.
 */
export function afterAwake(time, then, clock = new AwakeClock()) {
  const end = clock.read() + time;
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const look = () => {
    const left = end - clock.read();
    if (left <= 0) then();
    else timer = setTimeout(look, Math.min(left, STEP));
  };
  look();
  return () => clearTimeout(timer);
}

/** Gives up what takes too long, as `AbortSignal.timeout` does, but counts time awake. */
export class TimeLimit {
  #clock = new AwakeClock();
  #controller = new AbortController();
  #end;

  /** @param {number} time  Milliseconds. */
  constructor(time) {
    this.#end = afterAwake(
      time,
      () => this.#controller.abort(new DOMException("It took too long.", "TimeoutError")),
      this.#clock,
    );
  }

  get signal() {
    return this.#controller.signal;
  }

  /** Whether there was a time in which nobody could answer: what failed then may be tried once more. */
  get slept() {
    this.#clock.read();
    return this.#clock.slept > 2 * STEP;
  }

  /** It is no longer needed. */
  end() {
    this.#end();
  }
}
