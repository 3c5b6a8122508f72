/** @import {FromEngine, Problem, ReadyMessage, TroubledMessage} from "../protocol.js" */
/** @import {Result} from "./result.js" */
/** @import {Client} from "./searches.js" */
import { Alerts } from "./alerts.js";
import { EngineState } from "./engine-state.js";
import { Frames } from "./frames.js";
import { KeyPanel } from "./key-panel.js";
import { PhotoInput } from "./photo-input.js";
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
  #status = new Status();
  #frames = new Frames(() => this.#draw());
  #keyPanel = new KeyPanel(this.#preferences.key, (key) => this.#keyGiven(key));
  #input = new PhotoInput({
    photo: (query) => this.#begin(new Search(query)),
    problem: (problem) => this.#alerts.show(problem),
    note: (problem) => this.#alerts.show(problem, { kind: "note" }),
  });
  #settings = new SettingsDialog(this.#preferences, {
    opened: () => this.#placeKeyPanel("settings-key"),
    closed: () => this.#placeKeyPanel(),
  });
  #workspace = new Workspace({
    again: () => this.#again(),
    cancel: () => this.#cancel(),
    more: (result) => this.#more(result),
    revisit: (search) => this.#open(search),
    steer: (tag, stance) => this.#searches.steer(tag, stance),
  });
  #keyRejected = false;
  #client;
  #engine;
  #searches;

  /** @param {(onMessage: (message: FromEngine) => void) => Client} connect */
  constructor(connect) {
    this.#client = connect((message) => this.#hear(message));
    this.#engine = new EngineState(this.#client, this.#alerts, {
      ready: (message) => this.#engineReady(message),
      failed: () => this.#engineFailed(),
    });
    this.#searches = new Searches(this.#client, {
      open: () => this.#engine.ready && this.#hasKey,
      settings: () => ({ ...this.#preferences.settings, policy: this.#settings.policy }),
      changed: () => this.#frames.request(),
      ended: (search, problem) => this.#ended(search, problem),
    });
    new Shortcuts(this.#shortcuts(), () => this.#preferences.shortcuts);
    this.#placeKeyPanel();
    this.#client.setKey(this.#preferences.key);
    this.#engine.start();
    this.#frames.request();
  }

  get #hasKey() {
    return this.#preferences.key !== "" && !this.#keyRejected;
  }

  /** @param {Search} search */
  #begin(search) {
    this.#alerts.clearAll();
    const { typed } = this.#keyPanel;
    // Typed and not entered: dropping a photo says the same.
    if (!this.#hasKey && typed && typed !== this.#preferences.key) this.#keepKey(typed);
    this.#workspace.trail.add(search);
    this.#open(search);
    this.#searches.proceed();
    this.#engine.revive();
    if (!this.#hasKey) this.#keyPanel.focus();
  }

  /** @param {Search} search */
  #open(search) {
    this.#settings.close();
    this.#searches.show(search);
    this.#input.moveTo("workspace-intake");
    this.#engine.phases.moveTo("workspace-phases");
    this.#workspace.open();
    this.#placeKeyPanel();
    this.#sayEnd(search);
  }

  #again() {
    const search = this.#searches.shown;
    if (search && !search.active) this.#begin(new Search(search.query, search.stances));
  }

  /** @param {Result} result */
  #more(result) {
    this.#begin(new Search(new Query(new Uint8Array(result.thumbnail), nameOf(result.photo))));
  }

  #cancel() {
    if (!this.#searches.shown?.active) return;
    this.#status.tell("Cancelling…");
    this.#searches.cancel();
  }

  /** @param {string} key */
  #keyGiven(key) {
    const search = this.#searches.shown;
    const again = this.#keyRejected && !!search?.end;
    this.#keepKey(key);
    this.#placeKeyPanel();
    if (!key) return;
    this.#settings.close();
    if (search) this.#workspace.focus();
    if (again) this.#again();
    this.#searches.proceed();
    this.#frames.request();
  }

  /** @param {string} key */
  #keepKey(key) {
    this.#preferences.key = key;
    this.#keyRejected = false;
    this.#client.setKey(key);
    this.#alerts.clear("key-rejected");
  }

  #placeKeyPanel(place = "") {
    const search = this.#searches?.shown ?? null;
    this.#keyPanel.setWaiting(!!search?.active && !this.#hasKey);
    if (place || !this.#hasKey) this.#keyPanel.moveTo(place || (search ? "workspace-key" : "landing-key"));
    else this.#keyPanel.hide();
  }

  /** @param {FromEngine} message */
  #hear(message) {
    if (message.type === "phase" || message.type === "ready" || message.type === "failed") this.#engine.hear(message);
    else if (message.type !== "pong") {
      if (message.type === "troubled") this.#hearTrouble(message);
      this.#searches.hear(message);
    }
    this.#frames.request();
  }

  /** @param {ReadyMessage} message */
  #engineReady(message) {
    this.#settings.ready(message);
    this.#workspace.strip.parallel = message.parallel;
    this.#searches.proceed();
  }

  #engineFailed() {
    this.#searches.lose();
    this.#status.tell(this.#engine.words);
  }

  /** @param {TroubledMessage} message */
  #hearTrouble({ problem }) {
    this.#alerts.clear("trouble");
    if (problem) this.#alerts.show(problem, { code: "trouble", kind: "warning" });
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
    this.#keyRejected = true;
    this.#placeKeyPanel();
    this.#keyPanel.refuse(problem.message);
  }

  /** @param {Search} search */
  #sayEnd(search) {
    if (search.end) this.#status.tell(ending(search.end));
  }

  #draw() {
    const search = this.#searches.shown;
    const waiting = search && !this.#hasKey ? "Waiting for a key to Flickr." : this.#engine.words;
    if (search) this.#workspace.draw(search, waiting);
    if (search?.end) return;
    const progress = search?.progress ? `Looking: ${spending(search.progress)}.` : "Looking at your photo…";
    this.#status.murmur(waiting || (search ? progress : "Ready for your photo."));
  }

  #shortcuts() {
    const { grid } = this.#workspace;
    return [
      { key: "o", name: "O", does: "Choose a photo", act: () => this.#input.choose() },
      { key: "s", name: "S", does: "Search again", act: () => this.#again() },
      { key: "escape", name: "Esc", does: "Cancel the search", act: () => this.#cancel() },
      { key: "n", name: "N", does: "Next page of results", act: () => grid.turn(1) },
      { key: "p", name: "P", does: "Previous page of results", act: () => grid.turn(-1) },
      { key: ",", name: ",", does: "Settings", act: () => this.#settings.open() },
    ];
  }
}
