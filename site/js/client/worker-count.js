/** The workers that a device begins with, if it has the processors. */
const FEWEST = 2;
/** The workers that can pay: an eleventh adds a tenth at most. */
const MOST = 10;
/** On a phone more would warm the hand, not hasten the search. */
const MOST_ON_PHONES = 2;
/** Photos in which a rate is measured. */
const MEASURED = 40;
/** Photos in which a new worker warms up: a browser compiles code better once it runs often. */
const WARMING = 10;
/** How much a worker has to add to the rate. */
const GAIN = 1.1;

/**
 * The most vision workers that a device may have. Python and the page get their share beside them: on two processors
 * two workers describe half as many photos more than one.
 * @param {number} processors
 * @param {boolean} phone
 */
export function most(processors, phone) {
  return Math.max(1, Math.min(processors, phone ? MOST_ON_PHONES : MOST));
}

/**
 * How many vision workers are worth having. While runs wait, one more is tried. It stays if photos come out faster by a
 * tenth, else it goes, and no other is tried: browsers may name more processors than there are, or slow ones.
 *
 * A rate is that of photos while every worker is at work. So what an engine asks for, and when, makes no worker look
 * good or bad: a search that waits for its calls is not measured.
 */
export class WorkerCount {
  /** How many there are to be. */
  wanted;
  #most;
  #now;
  #settled;
  /** What each worker has to do, by its index. @type {number[]} */
  #loads = [];
  /** The rate before the last was added; 0 where none is tried. */
  #before = 0;
  /** Photos to come before anything is measured. */
  #warming = WARMING;
  #photos = 0;
  /** Those of them beside which others waited. */
  #waited = 0;
  #time = 0;
  /** When all were seen at work; null while they are not. @type {number | null} */
  #since = null;

  /**
   * @param {number} processors
   * @param {boolean} phone
   * @param {() => number} [now]  Gives milliseconds.
   */
  constructor(processors, phone, now = () => performance.now()) {
    this.#now = now;
    this.#most = most(processors, phone);
    this.wanted = Math.min(this.#most, FEWEST);
    this.#settled = this.wanted === this.#most;
  }

  /** The most that there will ever be. */
  get most() {
    return this.#most;
  }

  /** The index of the worker that is tried; null for none. */
  get tried() {
    return this.#before > 0 ? this.wanted - 1 : null;
  }

  /**
   * A worker has been given something, or has done something; `wanted` may be another afterwards.
   * @param {number} index  The worker's.
   * @param {number} load  How many messages it has to answer now.
   * @param {number} photos  How many it has just described; 0 for none.
   */
  report(index, load, photos) {
    if (this.#settled || index >= this.wanted) return;
    const now = this.#now();
    if (this.#since !== null) {
      this.#time += now - this.#since;
      this.#count(photos);
    }
    this.#loads[index] = load;
    this.#since = this.#allAtWork ? now : null;
    if (this.#photos >= MEASURED && this.#time > 0) this.#judge(this.#photos / this.#time);
  }

  /** The worker that is tried cannot be had: it stays without. */
  fail() {
    this.wanted -= 1;
    this.#settle();
  }

  /** @param {number} photos */
  #count(photos) {
    if (this.#warming > 0) {
      this.#warming -= photos;
      this.#time = 0;
    } else {
      this.#photos += photos;
      if (this.#loads.some((load) => load > 1)) this.#waited += photos;
    }
  }

  get #allAtWork() {
    return Array.from({ length: this.wanted }, (_, index) => this.#loads[index] ?? 0).every((load) => load > 0);
  }

  /** @param {number} rate */
  #judge(rate) {
    if (this.#before > 0 && rate <= this.#before * GAIN) {
      this.fail();
    } else if (this.wanted === this.#most) {
      this.#settle();
    } else {
      this.#before = 0;
      // Where little waits, one more would have little to do.
      if (this.#waited > this.#photos / 2) this.#add(rate);
      this.#photos = this.#waited = this.#time = 0;
    }
  }

  /** @param {number} rate  Without it. */
  #add(rate) {
    this.#before = rate;
    this.wanted += 1;
    this.#warming = WARMING;
    this.#since = null;
  }

  #settle() {
    this.#before = 0;
    this.#settled = true;
  }
}
