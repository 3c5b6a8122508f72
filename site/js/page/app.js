/** @import {FromEngine, MeasureEvent, Problem, ReadyMessage, TroubledMessage} from "../protocol.js" */
/** @import {Shared} from "../share/shared-measure.js" */
/** @import {Result} from "./result.js" */
/** @import {Client} from "./searches.js" */
import { isOfMeasures } from "../measure-keeper.js";
import { ExportMenu } from "../export/export-menu.js";
import { MeasurePanel } from "../measure/measure-panel.js";
import { QueryDialog } from "../queries/query-dialog.js";
import { Links } from "../share/links.js";
import { SharedDialog } from "../share/shared-dialog.js";
import { fragmentOf } from "../share/shared-measure.js";
import { rememberWords, wordsOfAddress } from "../text/address.js";
import { WordsForm } from "../text/words-form.js";
import { Alerts } from "./alerts.js";
import { EngineState } from "./engine-state.js";
import { FlickrKey } from "./flickr-key.js";
import { Frames } from "./frames.js";
import { PhotoInput } from "./photo-input.js";
import { Photoless } from "./photoless.js";
import { Preferences } from "./preferences.js";
import { Query } from "./query.js";
import { Search } from "./search.js";
import { Searches } from "./searches.js";
import { SettingsDialog } from "./settings-dialog.js";
import { Shortcuts } from "./shortcuts.js";
import { Status } from "./status.js";
import { ending, nameOf, spending } from "./words.js";
import { Workspace } from "./workspace.js";

/** The page: turns what the person does into searches, and what the engine says into what is on show. */
export class App {
  #preferences = new Preferences();
  #alerts = new Alerts();
  #status = new Status("status");
  #frames = new Frames(() => this.#draw());
  #input = new PhotoInput({
    photo: (query) => this.#begin(new Search([{ query, weight: 1, crop: null }], undefined, this.#wordsForm.words)),
    problem: (problem) => this.#alerts.show(problem),
    note: (problem) => this.#alerts.show(problem, { kind: "note" }),
  });
  #wordsForm = new WordsForm({
    words: (words, photo) => this.#begin(new Search(photo ? (this.#searches.shown?.sources ?? []) : [], undefined, words)),
  });
  #settings = new SettingsDialog(this.#preferences, {
    opened: () => this.#key.place("settings-key", false),
    closed: () => this.#placeKey(),
  });
  #workspace = new Workspace({
    again: () => this.#again(),
    cancel: () => this.#cancel(),
    refine: (search) => this.#queries.open(search.sources),
    more: (result) => this.#more(result),
    mark: (result, mark) => this.#searches.mark(result, mark),
    revisit: (search) => this.#open(search),
    steer: (tag, stance) => this.#searches.steer(tag, stance),
  });
  #queries = new QueryDialog((sources) => this.#begin(new Search(sources, this.#searches.shown?.stances, this.#searches.shown?.text)));
  #photoless = new Photoless(() => this.#begin(new Search([])));
  #measure = new MeasurePanel({
    run: (code, name, published) => this.#run(code, name, published),
    link: async (code, name) => location.href.split("#")[0] + (await fragmentOf(name, code, this.#wanted)),
    waiting: () => this.#engine.words,
  });
  #shared = new SharedDialog((shared) => this.#runShared(shared));
  #links = new Links({ shared: (shared) => this.#shared.show(shared), broken: (problem) => this.#alerts.show(problem) });
  #export = new ExportMenu({ shown: () => this.#searches.shown, measure: () => this.#client.inCharge?.name ?? "py/score.py" });
  /** Whether a measure was run whose order has not come yet. */
  #asked = false;
  /** Whether the next drawing shows the order of a new measure. */
  #rescored = false;
  #client;
  #engine;
  #key;
  #searches;

  /** @param {(onMessage: (message: FromEngine) => void) => Client} connect */
  constructor(connect) {
    const client = connect((message) => this.#hear(message));
    this.#client = client;
    this.#key = new FlickrKey(this.#preferences, client, (key, mended) => this.#keyGiven(key, mended));
    this.#engine = new EngineState(client, this.#alerts, {
      ready: (message) => this.#engineReady(message),
      failed: () => this.#engineFailed(),
    });
    this.#searches = new Searches(client, {
      open: () => this.#engine.ready && this.#key.usable,
      settings: () => this.#wanted,
      changed: () => this.#frames.request(),
      ended: (search, problem) => this.#ended(search, problem),
    });
    const acts = {
      choose: () => this.#input.choose(),
      words: () => this.#wordsForm.focus(),
      again: () => this.#again(),
      cancel: () => this.#cancel(),
      next: () => this.#workspace.grid.turn(1),
      previous: () => this.#workspace.grid.turn(-1),
      measure: () => this.#measure.toggle(),
      settings: () => this.#settings.open(),
    };
    new Shortcuts(acts, () => this.#preferences.shortcuts);
    this.#placeKey();
    this.#engine.start();
    const words = wordsOfAddress();
    if (words) this.#begin(new Search([], undefined, words));
    this.#links.read();
    this.#frames.request();
  }

  /** The settings of the next search. */
  get #wanted() {
    return { ...this.#preferences.settings, policy: this.#settings.policy };
  }

  /** @param {Search} search */
  #begin(search) {
    this.#alerts.clearAll();
    this.#key.takeTyped();
    this.#workspace.trail.add(search);
    this.#open(search);
    this.#searches.proceed();
    this.#engine.revive();
    // At once, in place of how the last search ended.
    this.#status.tell(this.#words);
    this.#key.ask();
  }

  /** @param {Search} search */
  #open(search) {
    this.#settings.close();
    this.#searches.show(search);
    this.#input.moveTo("workspace-intake");
    this.#wordsForm.moveTo("workspace-words");
    this.#wordsForm.show(search);
    rememberWords(search.sources.length ? "" : search.text);
    this.#engine.phases.moveTo("workspace-phases");
    this.#workspace.open();
    this.#placeKey();
    this.#sayEnd(search);
  }

  #again() {
    const search = this.#searches.shown;
    if (search && !search.active) this.#begin(new Search(search.sources, search.stances, search.text));
  }

  /** @param {Result} result */
  #more(result) {
    this.#begin(new Search([{ query: new Query(new Uint8Array(result.thumbnail), nameOf(result.photo)), weight: 1, crop: null }]));
  }

  #cancel() {
    if (!this.#searches.shown?.active) return;
    this.#status.tell("Cancelling…");
    this.#searches.cancel();
  }

  /**
   * @param {string} key
   * @param {boolean} mended
   */
  #keyGiven(key, mended) {
    this.#alerts.clear("key-rejected");
    this.#placeKey();
    this.#frames.request();
    if (!key) return;
    this.#settings.close();
    if (this.#searches.shown) this.#workspace.focus();
    if (mended) this.#again();
    this.#searches.proceed();
  }

  #placeKey() {
    const { shown } = this.#searches;
    this.#key.place(shown ? "workspace-key" : "landing-key", !!shown?.active);
  }

  /** @param {FromEngine} message */
  #hear(message) {
    if (message.type === "phase" || message.type === "ready" || message.type === "failed") this.#engine.hear(message);
    else if (isOfMeasures(message)) this.#hearMeasure(message);
    else if (message.type !== "pong") {
      if (message.type === "troubled") this.#hearTrouble(message);
      this.#searches.hear(message);
    }
    this.#frames.request();
  }

  /** @param {MeasureEvent} message */
  #hearMeasure(message) {
    const about = !("id" in message) || message.type === "measured" || this.#searches.hearMeasure(message);
    if (about) this.#measure.hear(message);
    if (message.type === "measured") this.#photoless.offer(message.optional.includes("START"));
    // Only who has run a measure waits for its order; after a mark the cards rest under the pointer.
    if (message.type !== "rescored" || !about || !this.#asked) return;
    this.#asked = false;
    this.#workspace.grid.hurry();
    this.#rescored = true;
  }

  /**
   * @param {string} code
   * @param {string} name
   * @param {boolean} published
   */
  #run(code, name, published) {
    this.#searches.remind();
    this.#asked = true;
    return this.#client.measure(code, name, published);
  }

  /** @param {Shared} shared  What the person has agreed to run. */
  async #runShared({ name, code, settings }) {
    this.#settings.take(settings);
    await this.#measure.open();
    await this.#measure.take(name, code);
    this.#measure.run();
  }

  /** @param {ReadyMessage} message */
  #engineReady(message) {
    this.#searches.renew();
    this.#settings.ready(message);
    this.#workspace.strip.engine = message;
    this.#searches.proceed();
  }

  #engineFailed() {
    this.#searches.lose();
    this.#status.tell(this.#engine.words);
  }

  /** @param {TroubledMessage} message */
  #hearTrouble({ problem }) {
    if (problem) this.#alerts.show(problem, { code: "trouble", kind: "warning" });
    else this.#alerts.clear("trouble");
  }

  /**
   * @param {Search} search
   * @param {Problem | null} problem
   */
  #ended(search, problem) {
    this.#alerts.clear("trouble");
    if (problem) this.#alerts.show(problem);
    this.#sayEnd(search);
    if (problem?.code !== "key-rejected") return;
    this.#key.refuse();
    this.#placeKey();
    this.#key.explain(problem.message);
  }

  /** @param {Search} search */
  #sayEnd(search) {
    if (search.end) this.#status.tell(ending(search.end));
  }

  #draw() {
    const search = this.#searches.shown;
    if (search) this.#workspace.draw(search, this.#waiting);
    this.#export.draw(!!search?.results.size);
    if (this.#rescored) reranked();
    this.#rescored = false;
    if (!search?.end) this.#status.murmur(this.#words);
  }

  /** What a search would wait for; "" for nothing. */
  get #waiting() {
    return this.#searches.shown && !this.#key.usable ? "Waiting for a key to Flickr." : this.#engine.words;
  }

  /** How things go. */
  get #words() {
    const search = this.#searches.shown;
    if (this.#waiting) return this.#waiting;
    if (!search) return "Ready for your photo, or your words.";
    if (search.progress) return `Looking: ${spending(search.progress)}.`;
    if (search.sources.length) return "Looking at your photo…";
    return search.text ? "Reading your words…" : "Asking the measure where to start…";
  }
}

/** Leaves in the browser's timeline how long it took from the key press to the new order on the screen. */
function reranked() {
  const [asked] = performance.getEntriesByName("measure-run").slice(-1);
  // The frame is on the screen when the next task begins.
  if (asked) requestAnimationFrame(() => setTimeout(() => performance.measure("re-ranking", { start: asked.startTime, end: performance.now() })));
}
