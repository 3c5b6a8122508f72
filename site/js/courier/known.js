/** @import {Service} from "./shapes.js" */
import { addressOf, canonical } from "../addresses.js";

/** So many addresses are known of a service, then the oldest are forgotten: those of some hundred answers. */
const MOST = 50_000;
/** So deep is an answer looked through. */
const DEEPEST = 12;

/** The addresses that a service's answers held, and what its source makes of them: pictures and pages. */
export class Known {
  /** By what is common to all ways of writing each. @type {Map<string, string>} */
  #addresses = new Map();
  #service;
  #rewritten;

  /** @param {Service} service */
  constructor(service) {
    this.#service = service;
    this.#rewritten = service.rewritten.map(
      ([pattern, made]) => /** @type {const} */ ([new RegExp(`^(?:${pattern})$`), made]),
    );
  }

  /**
   * The address as the answer, or what is declared of it, has it; undefined where none held it.
   * @param {string} address
   */
  find(address) {
    return this.#addresses.get(canonical(address));
  }

  /**
   * Learn what an answer names.
   * @param {Uint8Array} body
   * @returns {string[]}  What was not known.
   */
  learn(body) {
    /** @type {unknown} */
    let answer;
    try {
      answer = JSON.parse(new TextDecoder().decode(body));
    } catch {
      return []; // it names nothing then
    }
    /** @type {Set<string>} */
    const found = new Set();
    this.#look(answer, found, 0);
    const fresh = [...found].filter((address) => !this.#addresses.has(canonical(address)));
    for (const address of fresh) this.#addresses.set(canonical(address), address);
    for (const oldest of this.#addresses.keys()) {
      if (this.#addresses.size <= MOST) break;
      this.#addresses.delete(oldest);
    }
    return fresh;
  }

  /**
   * @param {unknown} value
   * @param {Set<string>} found
   * @param {number} depth
   */
  #look(value, found, depth) {
    if (typeof value === "string") this.#note(addressOf(value), found);
    if (typeof value !== "object" || value === null || depth > DEEPEST) return;
    if (!Array.isArray(value)) this.#build(/** @type {Record<string, unknown>} */ (value), found);
    for (const inner of Object.values(value)) this.#look(inner, found, depth + 1);
  }

  /**
   * @param {string} whole  "" for none.
   * @param {Set<string>} found
   */
  #note(whole, found) {
    if (!whole) return;
    for (const address of new Set([whole, /** @type {string} */ (whole.split("?")[0])])) {
      found.add(address);
      for (const [pattern, made] of this.#rewritten) {
        const match = pattern.exec(address);
        if (match) found.add(made.replace(/\{(\d)\}/g, (_, group) => match[Number(group)] ?? ""));
      }
    }
  }

  /**
   * @param {Record<string, unknown>} fields
   * @param {Set<string>} found
   */
  #build(fields, found) {
    const api = this.#service.url.replace(/\/+$/, "");
    for (const template of this.#service.built) {
      let whole = true;
      const made = template.replace(/\{(\w+)\}/g, (_, name) => {
        const value = name === "api" ? api : textOf(fields[name]);
        whole &&= value !== "";
        return value;
      });
      if (whole && addressOf(made)) found.add(addressOf(made));
    }
  }
}

/**
 * A field of an answer as it stands in an address, whose parts it cannot leave.
 * @param {unknown} value
 */
function textOf(value) {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  return /[\s/?#\\]/.test(text) ? "" : text;
}
