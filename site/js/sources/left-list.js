/** @import {AskedMessage} from "../protocol.js" */
import { byId, make, quote, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";

/** So many are listed, the latest first; all are counted. */
const LISTED = 1000;

/**
 * What left this browser in this visit: each request as the courier made it, and nothing that the engine says of it.
 */
export class LeftList {
  #place = byId("left", HTMLDetailsElement);
  #summary = byId("left-summary", HTMLElement);
  #list = byId("left-list", HTMLOListElement);
  #note = byId("left-note", HTMLElement);
  /** @type {AskedMessage[]} */
  #asked = [];
  #calls = 0;
  #drawn = 0;
  #titleOf;

  /** @param {(source: string) => string} titleOf */
  constructor(titleOf) {
    this.#titleOf = titleOf;
    this.#place.addEventListener("toggle", () => this.draw());
    this.draw();
  }

  /** @param {AskedMessage} message  It is on show after the next drawing. */
  add(message) {
    this.#asked.push(message);
    this.#calls += Number(message.kind === "call");
  }

  /** Draws what has left so far. */
  draw() {
    const pictures = this.#asked.length - this.#calls;
    const told = [
      this.#calls && `${plural(this.#calls, "call")} with words`,
      pictures && `${plural(pictures, "picture")} asked for`,
    ];
    write(this.#summary, `What left this browser: ${told.filter(Boolean).join(", ") || "nothing so far"}`);
    if (!this.#place.open) return;
    const fresh = this.#asked.slice(this.#drawn).slice(-LISTED);
    this.#drawn = this.#asked.length;
    this.#list.prepend(...fresh.reverse().map((each) => this.#item(each)));
    while (this.#list.children.length > LISTED) this.#list.lastElementChild?.remove();
    const more = this.#asked.length - this.#list.children.length;
    write(
      this.#note,
      more > 0
        ? `And ${plural(more, "earlier request")}.`
        : this.#asked.length
          ? ""
          : "No photo service has been asked for anything.",
    );
  }

  /** @param {AskedMessage} message */
  #item({ source, kind, words, at }) {
    const item = make("li");
    const time = make("time", "", new Date(at * 1000).toLocaleTimeString("en"));
    time.dateTime = new Date(at * 1000).toISOString();
    item.append(
      time,
      ` ${this.#titleOf(source)}: `,
      kind === "call" ? quote("q", "", words) : make("span", "left-picture", words),
    );
    return item;
  }
}
