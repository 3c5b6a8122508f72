/** @import {ModelChoice} from "../engine/worker.js" */
/** @import {Scorer} from "../client/scorer-state.js" */
/** @import {Preferences} from "./preferences.js" */
/** @import {Client} from "../search/searches.js" */
import { published, SCORE_FILE } from "../client/published-scorer.js";
import { ChoiceList } from "../ui/choice-list.js";

/**
 * @typedef {object} Surroundings
 * @property {() => void} onRestart  The engine starts again, with the network that is wanted then.
 * @property {(scorer: Scorer, published: boolean) => unknown} onTryScorer  What is on show is looked at and ranked
 *   again.
 */

/** The network that describes photos: which one is chosen, and what follows when it is another. */
export class Network {
  #choices = new ChoiceList("models", "model", (name) => this.choose(name));
  /** The network by which what is on show was described. */
  #described = "";
  #preferences;
  #client;
  #context;

  /**
   * @param {Preferences} preferences
   * @param {Client} client
   * @param {Surroundings} context
   */
  constructor(preferences, client, context) {
    this.#preferences = preferences;
    this.#client = client;
    this.#context = context;
    client.setModel(preferences.model);
  }

  /** The name of the network in charge; "" where that is not known yet. */
  get name() {
    return this.#client.config?.model ?? "";
  }

  /**
   * Has photos described by another network, from now on and in later visits.
   * @param {string} name  One that the site does not have changes nothing.
   */
  choose(name) {
    const { config } = this.#client;
    if (config && !config.models.some((choice) => choice.name === name)) return;
    this.#preferences.model = name === config?.models[0]?.name ? "" : name;
    this.follow();
  }

  /** Restarts the engine where another network is wanted than the one in charge. */
  follow() {
    const { config } = this.#client;
    this.#client.setModel(this.#preferences.model);
    const wanted = this.#preferences.model || config?.models[0]?.name;
    if (config && wanted === config.model) return;
    this.#context.onRestart();
  }

  /**
   * What is on show came back after a reload; the engine has the published scorer again.
   * @param {string} model  The network that it was described by; "" where none was there.
   * @param {string} scorer  The scorer that it is ranked by; "" for the published one.
   */
  was(model, scorer) {
    this.#described = scorer ? `${model} and ${scorer}` : model;
  }

  /** An engine is ready: its network is shown, and where it is another one, what is on show is looked at again. */
  async ready() {
    const { config, inCharge } = this.#client;
    if (!config) return;
    this.#choices.show(config.models.map(described), config.model);
    const before = this.#described;
    this.#described = config.model;
    if (!before || before === config.model) return;
    const scorer = inCharge ?? { name: SCORE_FILE, code: await published.load(), own: true };
    this.#context.onTryScorer(scorer, !inCharge);
  }
}

/**
 * @param {ModelChoice} choice
 * @param {number} place
 */
function described({ name, title, description, bytes }, place) {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const cost = place === 0 ? `${size}, which come with the page.` : `${size} more to download, when it is chosen.`;
  return { name, title, description: [description, cost].filter(Boolean).join(" ") };
}
