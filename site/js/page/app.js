/** @import {FromEngine, MeasureEvent, Problem, ReadyMessage} from "../protocol.js" */
/** @import {Shared} from "../share/shared-measure.js" */
/** @import {Result} from "./result.js" */
/** @import {Client} from "./searches.js" */
import { isOfMeasures } from "../measure-keeper.js";
import { CollectionsDialog } from "../collections/collections-dialog.js";
import { Library } from "../collections/library.js";
import { sourceOf, whereIs } from "../collections/own.js";
import { ExportMenu } from "../export/export-menu.js";
import { MeasurePanel } from "../measure/measure-panel.js";
import { QueryDialog } from "../queries/query-dialog.js";
import { Links } from "../share/links.js";
import { SharedDialog } from "../share/shared-dialog.js";
import { fragmentOf } from "../share/shared-measure.js";
import { Calls } from "../sources/calls.js";
import { SearchTools } from "../sources/search-tools.js";
import { ServiceAlerts } from "../sources/service-alerts.js";
import { rememberWords, wordsOfAddress } from "../text/address.js";
import { WordsForm } from "../text/words-form.js";
import { Alerts } from "./alerts.js";
import { EngineState } from "./engine-state.js";
import { FlickrKey } from "./flickr-key.js";
import { Frames } from "./frames.js";
import { Network } from "./network.js";
import { PhotoInput } from "./photo-input.js";
import { Photoless } from "./photoless.js";
import { Preferences } from "./preferences.js";
import { Query } from "./query.js";
import { Reranking } from "./reranking.js";
import { Search } from "./search.js";
import { Searches } from "./searches.js";
import { SettingsDialog } from "./settings-dialog.js";
import { Shortcuts } from "./shortcuts.js";
import { Status } from "./status.js";
import { describing, ending, nameOf, spending } from "./words.js";
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
  #calls = new Calls(() => this.#tools.sources.draw());
  #tools = new SearchTools(this.#preferences, this.#calls, { changed: () => this.#toolsChanged(), again: () => this.#renew() });
  /** @param {string} source */
  #titleOf = (source) => this.#tools.sources.titleOf(source);
  #serviceAlerts = new ServiceAlerts(this.#alerts, (problem) => problem.code === "key-rejected" && this.#keyRefused());
  #wordsForm = new WordsForm({
    words: (words, photo) => this.#begin(new Search(photo ? (this.#searches.shown?.sources ?? []) : [], undefined, words)),
  });
  #settings = new SettingsDialog(this.#preferences, {
    opened: () => this.#key.placeInSettings(),
    closed: () => this.#placeKey(),
    reset: () => this.#network.follow(),
  });
  #workspace = new Workspace({
    again: () => this.#again(),
    cancel: () => this.#cancel(),
    refine: (search) => this.#queries.open(search.sources),
    more: (result) => this.#more(result),
    show: (result) => this.#showOwn(result),
    mark: (result, mark) => this.#searches.mark(result, mark),
    revisit: (search) => this.#open(search),
    steer: (tag, stance) => this.#searches.steer(tag, stance),
    titleOf: this.#titleOf,
    keyless: () => this.#tools.keyless(this.#key.usable),
    giveKey: () => {
      this.#settings.open();
      this.#key.ask();
    },
  });
  #queries = new QueryDialog((sources) => this.#begin(new Search(sources, this.#searches.shown?.stances, this.#searches.shown?.text)));
  #photoless = new Photoless(() => this.#begin(new Search([])));
  #measure = new MeasurePanel({
    run: (code, name, published) => this.#run(code, name, published),
    link: async (code, name) => location.href.split("#")[0] + (await fragmentOf(name, code, { ...this.#wanted, model: this.#network.name })),
    waiting: () => this.#engine.words,
  });
  #shared = new SharedDialog({ run: (shared) => this.#runShared(shared), titleOf: this.#titleOf });
  #links = new Links({ shared: (shared) => this.#shared.show(shared), broken: (problem) => this.#alerts.show(problem) });
  #export = new ExportMenu({
    shown: () => this.#searches.shown,
    measure: () => this.#client.inCharge?.name ?? "py/score.py",
    titleOf: this.#titleOf,
  });
  #reranking = new Reranking();
  #client;
  #engine;
  #key;
  #library;
  #collections;
  #searches;
  #network;

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
      open: () => this.#engine.ready && this.#wanted.sources.length > 0,
      settings: () => this.#wanted,
      made: (sources) => this.#calls.made(sources),
      changed: () => this.#frames.request(),
      ended: (search, problem) => this.#ended(search, problem),
    });
    this.#library = new Library(client, () => this.#frames.request());
    this.#collections = new CollectionsDialog(this.#library, {
      search: (id) => this.#searchIn(id),
      query: (query) => this.#begin(new Search([{ query, weight: 1, crop: null }])),
      chosen: () => this.#tools.sources.chosen,
    });
    this.#network = new Network(this.#preferences, client, {
      restart: () => this.#engine.start(),
      measure: ({ code, name }, published) => this.#searches.shown?.results.size && this.#run(code, name, published),
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

  /** The settings of the next search: with the sources that can be searched, which are none where a key is missing. */
  get #wanted() {
    return { ...this.#preferences.settings, policy: this.#settings.policy, sources: this.#tools.open(this.#key.usable) };
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
    if (!this.#wanted.sources.length) this.#key.ask();
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
    this.#tools.moveToWorkspace();
    this.#workspace.open();
    this.#placeKey();
    this.#sayEnd(search);
  }

  #again() {
    const search = this.#searches.shown;
    if (search && !search.active) this.#renew();
  }

  /** Searches from the same photos and words with the settings as they are now. */
  #renew() {
    const search = this.#searches.shown;
    if (search) this.#begin(new Search(search.sources, search.stances, search.text));
  }

  /** Other sources are chosen, or other filters. */
  #toolsChanged() {
    this.#placeKey();
    this.#searches.proceed();
    this.#frames.request();
  }

  /** @param {Result} result */
  #more(result) {
    this.#begin(new Search([{ query: new Query(new Uint8Array(result.thumbnail), nameOf(result.photo)), weight: 1, crop: null }]));
  }

  /** @param {Result} result  An own photo. */
  #showOwn({ photo }) {
    const { collection, photo: path } = whereIs(photo);
    this.#collections.show(collection, path);
  }

  /** @param {string} id  Of the collection that is to be searched, and nothing else. */
  #searchIn(id) {
    this.#preferences.settings.sources = [sourceOf(id)];
    this.#preferences.save();
    this.#tools.draw();
    this.#toolsChanged();
    if (this.#searches.shown) this.#renew();
    else this.#status.tell("Now show it a photo.");
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
    // Where to search stays as it was chosen, or was on the first visit.
    this.#preferences.save();
    this.#settings.close();
    if (this.#searches.shown) this.#workspace.focus();
    if (mended) this.#again();
    this.#searches.proceed();
  }

  #placeKey() {
    const wanted = this.#tools.keyless(this.#key.usable).length > 0;
    this.#key.place(this.#searches.shown, { wanted, others: this.#wanted.sources.length > 0 });
  }

  /** Flickr has refused the key: another one is asked for. */
  #keyRefused() {
    this.#key.refuse();
    this.#placeKey();
  }

  /** @param {FromEngine} message */
  #hear(message) {
    if (message.type === "collecting") this.#library.hear(message);
    else if (message.type === "phase" || message.type === "ready" || message.type === "failed") this.#engine.hear(message);
    else if (isOfMeasures(message)) this.#hearMeasure(message);
    else if (message.type === "calls") this.#calls.hear(message);
    else if (message.type !== "pong") {
      this.#serviceAlerts.hear(message);
      if (message.type === "progress") this.#library.hearSearch(message);
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
    if (message.type === "rescored" && about && this.#reranking.come()) this.#workspace.grid.hurry();
  }

  /**
   * @param {string} code
   * @param {string} name
   * @param {boolean} published
   */
  #run(code, name, published) {
    this.#searches.remind();
    this.#reranking.ask();
    return this.#client.measure(code, name, published);
  }

  /** @param {Shared} shared  What the person has agreed to run. */
  async #runShared({ name, code, settings }) {
    const { model, ...others } = settings;
    this.#settings.take(others);
    this.#tools.draw();
    this.#placeKey();
    if (model) this.#network.choose(model);
    await this.#measure.open();
    await this.#measure.take(name, code);
    this.#measure.run();
  }

  /** @param {ReadyMessage} message */
  #engineReady(message) {
    this.#searches.renew();
    this.#settings.ready(message);
    this.#tools.ready(message);
    this.#workspace.strip.engine = message;
    this.#network.ready();
    this.#searches.proceed();
  }

  #engineFailed() {
    this.#searches.lose();
    this.#status.tell(this.#engine.words);
  }

  /**
   * @param {Search} search
   * @param {Problem | null} problem
   */
  #ended(search, problem) {
    this.#serviceAlerts.over();
    if (problem) this.#alerts.show(problem);
    this.#sayEnd(search);
    if (problem?.code !== "key-rejected") return;
    this.#keyRefused();
    this.#key.explain(problem.message);
  }

  /** @param {Search} search */
  #sayEnd(search) {
    if (search.end) this.#status.tell(ending(search.end));
  }

  #draw() {
    this.#tools.sources.offer(this.#library.offered);
    this.#collections.draw();
    const search = this.#searches.shown;
    if (search) this.#workspace.draw(search, this.#waiting);
    this.#export.draw(!!search?.results.size);
    this.#tools.offerAgain(search, this.#wanted);
    this.#reranking.drawn();
    if (!search?.end) this.#status.murmur(this.#words);
  }

  /** What a search would wait for; "" for nothing. */
  get #waiting() {
    return this.#searches.shown && !this.#wanted.sources.length ? "Waiting for a key to Flickr." : this.#engine.words;
  }

  /** How things go. */
  get #words() {
    const search = this.#searches.shown;
    if (this.#waiting) return this.#waiting;
    if (!search) return "Ready for your photo, or your words.";
    if (search.recomputing) return describing(search.recomputing);
    if (search.progress) return `Looking: ${spending(search.progress)}.`;
    if (search.sources.length) return "Looking at your photo…";
    return search.text ? "Reading your words…" : "Asking the measure where to start…";
  }
}
