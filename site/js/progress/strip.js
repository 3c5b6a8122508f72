/** @import {ReadyMessage, Settings, Stance} from "../protocol.js" */
/** @import {Reach} from "./service-list.js" */
/** @import {Search} from "../search/search.js" */
import { isOwnSource } from "../source-name.js";
import { Throttle } from "../ui/throttle.js";
import { arrange, byId, hide, quote, within, write } from "../ui/dom.js";
import { plural } from "../ui/format.js";
import { GrowthPlot } from "./growth-plot.js";
import { ServiceList } from "./service-list.js";
import { ReasonList } from "./reason-list.js";
import { TagTable } from "./tag-table.js";

/** About two lines of tags. */
const MOST = 10;
/** So many reasons are listed why photos were skipped: the most frequent ones. */
const MOST_REASONS = 12;

/** What is happening, and why: what is asked, what is expected of it, and what it costs. */
export class Strip {
  #table;
  #skipped = new ReasonList("skipped");
  /** The skipped photos that are listed, of which search, and how many. @type {{skipped: unknown, count: number}} */
  #drawn = { skipped: null, count: 0 };
  #unseen = new ReasonList("unseen");
  #filtered = new ReasonList("filtered");
  #growth = new GrowthPlot();
  #services;
  #place = byId("strip", HTMLElement);
  #asking = byId("asking", HTMLElement);
  /** @type {Search | null} */
  #search = null;
  /** Words have to stay long enough to be read. */
  #calm = new Throttle(400, () => this.#drawSlowly());
  /** What the engine has said of itself. @type {ReadyMessage | null} */
  engine = null;

  /** @param {{onSteer: (tag: string, stance: Stance) => void} & Reach} callbacks */
  constructor(callbacks) {
    this.#table = new TagTable(callbacks.onSteer);
    this.#services = new ServiceList(callbacks);
  }

  /** @param {Search} search */
  draw(search) {
    hide(this.#place, !search.settings);
    const { spent, settings, allowed } = search;
    meter("meter-photos", spent.photos, allowed?.photos);
    meter(
      "meter-calls",
      spent.calls,
      settings && allowed ? callsOf(search, { ...settings, calls: allowed.calls }) : undefined,
    );
    meter("meter-seconds", spent.seconds, allowed?.seconds);
    const rate = search.end ? spent.photos / (spent.seconds || 1) : search.pace.rate;
    write(byId("pace", HTMLElement), rate ? rate.toFixed(1) : "–");
    if (search !== this.#search || search.end) this.#calm.reset();
    this.#search = search;
    this.#calm.request();
  }

  #drawSlowly() {
    const search = this.#search;
    if (!search) return;
    this.#growth.draw(search);
    this.#services.draw(search);
    this.#drawAsking(search);
    this.#drawWords(search);
    this.#table.draw(search);
    const known = plural(search.known, "photo");
    this.#unseen.draw(
      search.progress?.unseen ?? [],
      (count) => `Not looked at: ${count.toLocaleString("en")} of ${known}`,
    );
    this.#filtered.draw(search.filtered, (count) => `Kept out by the filters: ${plural(count, "photo")}`);
    this.#drawSkipped(search);
  }

  /** @param {Search} search */
  #drawSkipped({ skipped }) {
    // It grows, and may be long.
    if (skipped === this.#drawn.skipped && skipped.length === this.#drawn.count) return;
    this.#drawn = { skipped, count: skipped.length };
    /** @type {Map<string, number>} */
    const reasons = new Map();
    for (const { problem } of skipped) reasons.set(problem.message, (reasons.get(problem.message) ?? 0) + 1);
    const rows = [...reasons].map(([why, count]) => ({ why, count })).sort((a, b) => b.count - a.count);
    this.#skipped.draw(rows.slice(0, MOST_REASONS), () => `${plural(skipped.length, "photo")} skipped`);
  }

  /** @param {Search} search */
  #drawAsking(search) {
    const asked = [...search.asked].sort((a, b) => b[1] - a[1]).map(([tag]) => tag);
    const tags = search.end ? asked.slice(0, MOST) : search.asking;
    write(byId("asking-heading", HTMLElement), search.end ? "Asked most for" : "Asking for");
    const known = new Map([...this.#asking.children].map((child) => [child.textContent, child]));
    arrange(
      this.#asking,
      (tags.length ? tags : [search.end ? "nothing" : "nothing yet"]).map(
        (tag) => known.get(tag) ?? quote("li", "asked", tag),
      ),
    );
    this.#asking.classList.toggle("nothing", tags.length === 0);
    this.#asking.classList.toggle("past", !search.progress?.asking.length);
  }

  /** @param {Search} search */
  #drawWords({ guesses, settings, seed, queryPhotos, text }) {
    const likely = guesses.filter(({ probability }, i) => i === 0 || probability >= 0.01).slice(0, 4);
    // Of words that were typed, there is nothing to be sure of.
    const seen = text
      ? guesses.slice(0, 6).map(({ tag }) => tag)
      : likely.map(({ tag, probability }) => `${tag} (${Math.round(probability * 100)} %)`);
    const from = text
      ? "To start from"
      : queryPhotos.length
        ? "At first sight"
        : "To start from, by the score function";
    write(byId("guesses", HTMLElement), seen.length ? `${from}: ${seen.join(", ")}.` : "");
    const policy = this.engine?.policies.find(({ name }) => name === settings?.policy);
    write(byId("tags-caption", HTMLElement), policy?.estimate ?? "");
    write(
      byId("how", HTMLElement),
      `${policy ? `Policy: ${policy.title}. ` : ""}Calls go up to ${settings?.parallel} at once.${seed === null ? "" : ` Seed ${seed}.`}`,
    );
  }
}

/**
 * The calls that a search may make in all: to each service what Settings allow, and no more than it takes or still
 * gives.
 * @param {Pick<Search, "progress">} search
 * @param {Settings} settings
 */
export function callsOf({ progress }, { sources, calls: most }) {
  const known = new Map((progress?.services ?? []).map((service) => [service.name, service]));
  const each = sources.map((name) => {
    const service = known.get(name);
    if (!service) return isOwnSource(name) ? 0 : most;
    const { calls, minute_left, day_left, ended } = service;
    if (ended) return calls;
    return Math.min(most, calls + Math.min(minute_left ?? most, day_left ?? most));
  });
  return each.reduce((sum, calls) => sum + calls, 0);
}

/**
 * @param {string} id
 * @param {number} spent
 * @param {number | undefined} limit
 */
function meter(id, spent, limit) {
  const element = byId(id, HTMLElement);
  write(
    within(element, "dd", HTMLElement),
    // The seconds of a search that goes on are those that it has taken, and more.
    limit === undefined ? String(Math.round(spent)) : `${Math.round(spent)}/${Math.round(limit)}`,
  );
  element.style.setProperty("--share", limit ? Math.min(1, spent / limit).toFixed(3) : "0");
}
