/** @import {PhaseMessage} from "../protocol.js" */
import { byId, make, write } from "../ui/dom.js";

/** The named phases of the engine's start, each timed. */
export class StartPhases {
  #panel = byId("phases", HTMLElement);
  #heading = byId("phases-heading", HTMLElement);
  #list = byId("phase-list", HTMLElement);
  #download = byId("download", HTMLElement);
  #downloaded = byId("downloaded", HTMLElement);
  #bar = byId("download-bar", HTMLProgressElement);
  /** @type {Map<string, {item: HTMLElement, time: HTMLElement, done: boolean}>} */
  #phases = new Map();
  #began = performance.now();

  /** @param {PhaseMessage} message */
  apply({ name, state, ms }) {
    const phase = this.#phases.get(name) ?? this.#add(name);
    phase.done = state === "done";
    phase.item.classList.toggle("done", phase.done);
    write(phase.time, phase.done ? `${(ms / 1000).toFixed(1)} s` : "…");
  }

  /** Starts a new list, as the engine starts again. */
  restart() {
    this.#phases.clear();
    this.#list.replaceChildren();
    this.#began = performance.now();
    this.#panel.classList.remove("ready", "failed");
    this.#download.hidden = true;
    write(this.#heading, "Getting ready");
  }

  /**
   * Says how much has been downloaded.
   * @param {{came: number, total: number}} downloaded  In bytes.
   */
  downloading({ came, total }) {
    this.#download.hidden = this.#panel.classList.contains("ready");
    this.#bar.max = total;
    this.#bar.value = came;
    write(this.#downloaded, `${megabytes(came)} of ${megabytes(total)} MB downloaded`);
  }

  /** Says that the engine is ready. */
  ready() {
    this.#panel.classList.add("ready");
    this.#download.hidden = true;
    write(this.#heading, `Ready in ${((performance.now() - this.#began) / 1000).toFixed(1)} s`);
  }

  /** Says that it did not start. */
  failed() {
    this.#panel.classList.add("failed");
    write(this.#heading, "Could not get ready");
    for (const phase of this.#phases.values()) if (!phase.done) write(phase.time, "–");
  }

  /**
   * Shows the list here.
   * @param {string} id
   */
  moveTo(id) {
    const place = byId(id, HTMLElement);
    if (this.#panel.parentElement !== place) place.append(this.#panel);
  }

  /** @param {string} name */
  #add(name) {
    const item = make("li", "phase");
    const time = make("span", "phase-time");
    item.append(make("span", "phase-name", name), " ", time);
    this.#list.append(item);
    const phase = { item, time, done: false };
    this.#phases.set(name, phase);
    return phase;
  }
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
