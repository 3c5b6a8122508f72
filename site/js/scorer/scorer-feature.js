/** @import {ScoringEvent, Problem, Settings} from "../protocol.js" */
/** @import {Client, Searches} from "../search/searches.js" */
/** @import {Shared} from "../share/shared-scorer.js" */
import { Photoless } from "./photoless.js";
import { RerankTimer } from "./rerank-timer.js";
import { Links } from "../share/links.js";
import { SharedDialog } from "../share/shared-dialog.js";
import { fragmentOf } from "../share/shared-scorer.js";
import { ScorerPanel } from "./scorer-panel.js";

/**
 * @typedef {object} Surroundings
 * @property {() => Settings & {model: string}} settings  What a link holds beside the scorer.
 * @property {(settings: Shared["settings"]) => void} onTake  Those of a link that the person has agreed to.
 * @property {(source: string) => string} titleOf
 * @property {() => string} waiting  What a scorer that is run waits for; "" for nothing.
 * @property {() => void} onPhotoless  To search without a photo.
 * @property {() => void} onHurry  The person waits for the new order.
 * @property {(problem: Problem) => void} problem
 */

/** Scorers on the page: the panel, those that come by a link, and what follows when one is run. */
export class ScorerFeature {
  #reranking = new RerankTimer();
  #client;
  #searches;
  #context;
  #panel;
  #photoless;
  #links;

  /**
   * @param {Client} client
   * @param {Searches} searches
   * @param {Surroundings} context
   */
  constructor(client, searches, context) {
    this.#client = client;
    this.#searches = searches;
    this.#context = context;
    this.#panel = new ScorerPanel({
      run: (code, name, published, own) => this.run(code, name, published, own),
      // Without what the address has of words: a link holds none of what somebody has searched for.
      link: async (code, name) =>
        location.origin + location.pathname + (await fragmentOf(name, code, context.settings())),
      waiting: context.waiting,
      problem: context.problem,
    });
    this.#photoless = new Photoless(context.onPhotoless);
    const dialog = new SharedDialog({ run: (shared) => this.#runShared(shared), titleOf: context.titleOf });
    this.#links = new Links({ onShared: (shared) => dialog.show(shared), onBroken: context.problem });
  }

  /** Opens the panel, or closes it. */
  toggle() {
    this.#panel.toggle();
  }

  /**
   * Says what is wrong with the scorer, where the panel is on show.
   * @param {Problem} problem
   */
  say(problem) {
    return this.#panel.say(problem);
  }

  /** Reads the page's address, which may hold a scorer. */
  readLink() {
    this.#links.read();
  }

  /**
   * Has a scorer tried, and what is on show ranked by it.
   * @param {string} code
   * @param {string} name
   * @param {boolean} published  Whether it is the site's own.
   * @param {boolean} own  Whether the person wrote it here.
   */
  run(code, name, published, own) {
    this.#searches.remind();
    this.#reranking.ask();
    return this.#client.tryScorer(code, name, published, own);
  }

  /** @param {ScoringEvent} message */
  receive(message) {
    const about = !("id" in message) || message.type === "scorer-tried" || this.#searches.receiveScoring(message);
    if (about) this.#panel.receive(message);
    if (message.type === "scorer-tried") this.#photoless.offer(message.optional.includes("START"));
    // Only who has run a scorer waits for its order; after a mark the cards rest under the pointer.
    if (message.type === "rescored" && about && this.#reranking.come()) this.#context.onHurry();
  }

  /** The results are drawn. */
  drawn() {
    this.#panel.draw(this.#client.inCharge);
    this.#reranking.drawn();
  }

  /** @param {Shared} shared  What the person has agreed to run. */
  async #runShared({ name, code, settings }) {
    this.#context.onTake(settings);
    await this.#panel.open();
    await this.#panel.take(name, code);
    this.#panel.run();
  }
}
