/** @import {Problem, ReadyMessage, Told} from "../protocol.js" */
/** @import {SharedSettings} from "../share/shared-scorer.js" */
/** @import {Client} from "../search/searches.js" */
/** @import {Visit} from "../offline/visit.js" */
import { SCORE_FILE } from "../client/published-scorer.js";
import { sourceOf } from "../source-name.js";
import { OwnPhotos } from "../collections/own-photos.js";
import { ExportMenu } from "../export/export-menu.js";
import { Connection } from "../offline/connection.js";
import { Visiting } from "../offline/visiting.js";
import { Keeper } from "../reload/keeper.js";
import { ScorerFeature } from "../scorer/scorer-feature.js";
import { screeningHere } from "../safety/here.js";
import { treatmentOf } from "../safety/screening.js";
import { Calls } from "../sources/calls.js";
import { SearchTools } from "../sources/search-tools.js";
import { KeptPictures } from "../shortlist/kept-pictures.js";
import { Shortlist } from "../shortlist/shortlist.js";
import { ShortlistDialog } from "../shortlist/shortlist-dialog.js";
import { LeftList } from "../sources/left-list.js";
import { clearKept } from "./clear-kept.js";
import { placesOf } from "./problem-places.js";
import { ServiceAlerts } from "../sources/service-alerts.js";
import { Problems } from "../ui/problems.js";
import { EngineState } from "./engine-state.js";
import { Incoming } from "./incoming.js";
import { NextSearch } from "./next-search.js";
import { Reachable } from "./reachable.js";
import { Returning } from "./returning.js";
import { FlickrKey } from "../settings/flickr-key.js";
import { onPlainClick } from "../ui/dom.js";
import { FrameScheduler } from "../ui/frame-scheduler.js";
import { KeptFocus } from "../ui/kept-focus.js";
import { afterModals } from "../ui/modal.js";
import { QueryInput } from "../query/query-input.js";
import { Network } from "../settings/network.js";
import { Preferences } from "../settings/preferences.js";
import { Search } from "../search/search.js";
import { Searches } from "../search/searches.js";
import { SettingsDialog } from "../settings/settings-dialog.js";
import { Shortcuts } from "./shortcuts.js";
import { Showing } from "./showing.js";
import { StatusLine } from "./status-line.js";
import { Travel } from "./travel.js";
import { Workspace } from "./workspace.js";

/** The page: turns what the person does into searches, and what the engine says into what is on show. */
export class App {
  #preferences = new Preferences();
  #problems = new Problems(
    placesOf({
      key: () => this.#key.refuse(),
      onGiveKey: () => this.#giveKey(),
      editor: (problem) => this.#scoring.say(problem),
      another: () => this.#next.another,
      offline: () => this.#connection.announce(),
    }),
    () => this.#frames.request(),
  );
  #status = new StatusLine({
    shown: () => this.#showing.search,
    opening: () => this.#intake.said,
    waiting: () => this.#waiting,
  });
  #frames = new FrameScheduler(() => this.#draw());
  #intake = new QueryInput({
    onBegin: (search) => this.#showing.uncover(() => this.#begin(search)),
    shown: () => this.#showing.search,
    // The last file that was refused is the one to hear of.
    onProblem: (problem) => this.#problems.show(problem, { code: "query" }),
    onNote: (problem) => this.#problems.show(problem, { kind: "note" }),
    onOpen: (id, image) => this.#client.open(id, image),
    engine: () => this.#engine.state,
    onChanged: () => {
      this.#status.opened();
      this.#frames.request();
    },
  });
  #calls = new Calls(() => this.#tools.sources.draw());
  #tools = new SearchTools(this.#preferences, this.#calls, {
    onChanged: () => this.#reachChanged(),
    onAgain: () => this.#next.renew(),
    onRelease: () => this.#next.confine(""),
    onTreated: () => this.#treated(),
  });
  /** @param {string} source */
  #titleOf = (source) => this.#tools.sources.titleOf(source);
  #left = new LeftList(this.#titleOf);
  #serviceAlerts = new ServiceAlerts(this.#problems);
  #settings = new SettingsDialog(this.#preferences, {
    onOpened: () => this.#key.placeInSettings(),
    onClosed: () => this.#key.place(),
    onReset: () => this.#network.follow(),
    onForget: () => this.#client.forget(),
    tally: () => this.#client.tally(),
  });
  #screening = screeningHere({
    treatment: () => treatmentOf(this.#preferences.unsafe),
    judged: (search, result) => this.#workspace.grid.judged(search, result),
    problem: (problem) => this.#problems.show(problem, { kind: "warning" }),
    changed: () => this.#frames.request(),
  });
  #shortlist = new Shortlist(() => {
    this.#shortlistDialog.draw();
    this.#frames.request();
  });
  #workspace = new Workspace(
    {
      screening: this.#screening,
      shortlist: this.#shortlist,
      larger: ({ source, large_url }) => this.#client.picture(source, large_url),
      onAgain: () => this.#next.again(),
      onGoOn: () => this.#goOn(),
      another: () => this.#next.another,
      resumable: () => this.#searches.resumable,
      onCancel: () => this.#cancel(),
      onRefine: (search) => this.#intake.refine(search),
      onMore: (result) => this.#shortlistDialog.close(() => this.#next.more(result)),
      onShow: (result) => this.#own.show(result),
      onMark: (result, mark) => this.#searches.mark(result, mark),
      onFurther: (search) => this.#begin(Search.further(search)),
      onRevisit: (search) => {
        this.#travel.revisit(search);
        this.#showing.open(search);
      },
      onSteer: (tag, stance) => this.#searches.steer(tag, stance),
      titleOf: this.#titleOf,
      keyless: () => this.#tools.keyless(this.#key.usable),
      onGiveKey: () => this.#giveKey(),
      told: (problem) => this.#problems.told(problem),
    },
    this.#preferences,
  );
  #travel = new Travel({
    kept: (search) => this.#workspace.trail.has(search),
    shown: () => this.#showing.search,
    onHome: () => this.#showing.leave(),
    onRevisit: (search) => this.#showing.open(search),
    onLost: () => this.#returning.find(),
  });
  #export = new ExportMenu({
    shown: () => this.#searches.shown,
    onJudged: (search) => this.#judged(search),
    scorer: () => this.#client.inCharge?.name ?? SCORE_FILE,
    titleOf: this.#titleOf,
  });
  #connection = new Connection(this.#problems, {
    titleOf: this.#titleOf,
    shown: () => this.#searches.shown,
    onProceed: () => this.#searches.proceed(),
    onRenew: (search) => afterModals(() => this.#next.renewAside(search)),
  });
  #reachable = new Reachable({
    settings: () => ({ ...this.#preferences.settings, policy: this.#settings.policy }),
    tools: this.#tools,
    connection: this.#connection,
    keyed: () => this.#key.usable,
  });
  #shortlistDialog = new ShortlistDialog(this.#shortlist, {
    viewer: this.#workspace.viewer,
    pictures: new KeptPictures({
      own: (photo) => this.#own.thumbnail(photo),
      service: ({ source, thumb_url }) => this.#client.picture(source, thumb_url),
    }),
    titleOf: this.#titleOf,
    onIntake: () => this.#intake.turn(),
    onBegin: (search) => this.#begin(search),
  });
  #client;
  #engine;
  #key;
  #own;
  #searches;
  #showing;
  #network;
  #scoring;
  #incoming;
  #next;
  #returning;
  #visiting;
  #keeper = new Keeper({
    scorer: () => this.#client.inCharge?.name ?? "",
    model: () => this.#network.name,
    own: (photo) => this.#own.thumbnail(photo).catch(() => null),
  });

  /**
   * @param {(onMessage: (message: Told) => void) => Client} connect
   * @param {Visit} visit
   */
  constructor(connect, visit) {
    const client = connect((message) => this.#incoming.receive(message));
    this.#client = client;
    this.#key = new FlickrKey(this.#preferences, client, {
      shown: () => this.#showing.search,
      wanted: () => this.#tools.keyless(this.#key.usable).length > 0,
      others: () => this.#reachable.chosen.sources.length > 0,
      onChanged: () => this.#keyChanged(),
      onGiven: (mended) => this.#keyGiven(mended),
    });
    this.#engine = new EngineState(client, this.#problems, {
      onReady: (message) => this.#engineReady(message),
      onFailed: () => this.#engineFailed(),
    });
    this.#searches = new Searches(client, {
      open: (search) => this.#engine.ready && this.#reachable.settingsOf(search).sources.length > 0,
      settings: (search) => this.#reachable.settingsOf(search),
      made: (sources) => this.#calls.made(sources),
      onChanged: () => this.#frames.request(),
      onEnded: (search, problem) => this.#ended(search, problem),
    });
    this.#own = new OwnPhotos(client, {
      onChanged: () => this.#frames.request(),
      onSearch: (id) => this.#next.confine(sourceOf(id)),
      onQuery: (query) => this.#next.lead(Search.of(query)),
      chosen: () => this.#tools.chosen,
      onCleared: () => clearKept(this.#shortlist, this.#keeper, client),
    });
    this.#network = new Network(this.#preferences, client, {
      onRestart: () => this.#engine.start(),
      onTryScorer: ({ code, name, own }, published) =>
        this.#searches.shown?.results.size && this.#scoring.run(code, name, published, own),
    });
    this.#scoring = new ScorerFeature(client, this.#searches, {
      settings: () => ({
        ...this.#reachable.chosen,
        sources: this.#tools.open(this.#key.usable, this.#tools.sources.chosen),
        model: this.#network.name,
      }),
      onTake: (settings) => this.#takeShared(settings),
      titleOf: this.#titleOf,
      waiting: () => this.#engine.words,
      onPhotoless: () => this.#begin(new Search([])),
      onHurry: () => this.#workspace.grid.hurry(),
      problem: (problem) => this.#problems.show(problem),
    });
    this.#showing = new Showing({
      searches: this.#searches,
      intake: this.#intake,
      tools: this.#tools,
      engine: this.#engine,
      key: this.#key,
      status: this.#status,
      workspace: this.#workspace,
      shortlistDialog: this.#shortlistDialog,
    });
    this.#incoming = new Incoming(
      {
        left: this.#left,
        own: this.#own,
        engine: this.#engine,
        intake: this.#intake,
        scoring: this.#scoring,
        calls: this.#calls,
        serviceAlerts: this.#serviceAlerts,
        searches: this.#searches,
      },
      { onChanged: () => this.#frames.request(), onJobDone: () => this.#visiting.settle(true) },
    );
    this.#next = new NextSearch({
      searches: this.#searches,
      shown: () => this.#showing.search,
      tools: this.#tools,
      status: this.#status,
      onBegin: (search, how) => this.#begin(search, how),
    });
    this.#returning = new Returning({
      keeper: this.#keeper,
      intake: this.#intake,
      travel: this.#travel,
      searches: this.#searches,
      shown: () => this.#showing.search,
      onReturned: (kept) => this.#putBack(kept),
      onAddressed: (search) => this.#showing.uncover(() => this.#begin(search, { here: true })),
    });
    this.#listen();
    this.#key.place();
    this.#engine.start();
    this.#returning.start();
    this.#scoring.readLink();
    this.#visiting = new Visiting(visit, this.#problems, {
      downloading: (downloaded) => this.#engine.phases.downloading(downloaded),
      photos: (files) => this.#intake.take(files),
    });
    this.#frames.request();
  }

  /** What the keyboard does, and the site's name. */
  #listen() {
    const actions = {
      choose: () => this.#intake.choose(),
      words: () => this.#intake.type(),
      again: () => this.#next.again(),
      cancel: () => this.#cancel(),
      next: () => this.#turn(1),
      previous: () => this.#turn(-1),
      scorer: () => this.#scoring.toggle(),
      shortlist: () => this.#shortlistDialog.open(),
      settings: () => this.#settings.open(),
    };
    new Shortcuts(actions, () => this.#preferences.shortcuts);
    new KeptFocus();
    onPlainClick("home", () => {
      if (!this.#workspace.visible) return;
      this.#travel.leave();
      this.#showing.leave();
    });
  }

  /**
   * @param {Search} search
   * @param {{here?: boolean, aside?: boolean}} [how]  Whether it is for the step of the history that there is; whether
   *   the person may be at something else.
   */
  #begin(search, { here, aside } = {}) {
    this.#problems.clearAll();
    this.#key.takeTyped();
    this.#workspace.trail.add(search);
    this.#travel.add(search, here);
    this.#settings.close();
    this.#showing.open(search, aside);
    this.#searches.proceed();
    this.#engine.revive();
    // At once, in place of how the last search ended.
    this.#status.tell();
    this.#connection.begin(search, this.#reachable.chosen.sources);
    if (!this.#reachable.chosen.sources.length) this.#key.ask();
  }

  /** @param {{search: Search, model: string, scorer: string}} kept  What was on show before a reload. */
  #putBack({ search, model, scorer }) {
    if (!search.end) return this.#begin(search, { here: true });
    this.#workspace.trail.add(search);
    this.#travel.add(search, true);
    this.#showing.open(search);
    this.#network.was(model, scorer);
    if (this.#engine.ready) this.#network.ready();
  }

  /** @param {1 | -1} step  To the next page of results, or to the one before. */
  #turn(step) {
    if (this.#showing.search) this.#workspace.grid.turn(step);
  }

  /** Keeps looking, from where the search on show has ended. */
  #goOn() {
    if (!this.#searches.resumable) return;
    this.#problems.clearAll();
    this.#searches.goOn();
    this.#status.tell();
  }

  /** Something else can be searched, or is to be. */
  #reachChanged() {
    this.#key.place();
    this.#searches.proceed();
    this.#frames.request();
  }

  /**
   * Waits until all pictures of a search are judged.
   * @param {Search} search
   */
  async #judged(search) {
    if (search.results.unjudged) this.#status.say("Checking the pictures first…");
    await this.#screening.judgeAll(search);
    this.#status.sayEnd(search);
  }

  /** Something else is to become of pictures that are likely unsafe. */
  #treated() {
    const search = this.#searches.shown;
    if (search) search.unsafe = null;
    this.#frames.request();
  }

  #cancel() {
    if (!this.#showing.search?.active) return;
    this.#status.say("Cancelling…");
    this.#searches.cancel();
  }

  /** @param {boolean} mended  Whether in place of a refused one. */
  #keyGiven(mended) {
    this.#settings.close();
    if (this.#showing.search) this.#workspace.focus();
    if (mended) this.#next.again();
  }

  #keyChanged() {
    for (const code of ["key-rejected", "service-flickr"]) this.#problems.clear(code);
    this.#reachChanged();
  }

  #giveKey() {
    this.#settings.open();
    this.#key.ask();
  }

  /** @param {SharedSettings} settings  Those of a link. */
  #takeShared({ model, ...others }) {
    this.#settings.take(others);
    this.#tools.draw();
    this.#key.place();
    if (model) this.#network.choose(model);
  }

  /** @param {ReadyMessage} message */
  #engineReady(message) {
    this.#searches.renew();
    this.#settings.ready(message);
    this.#tools.ready(message);
    this.#own.ready();
    this.#workspace.strip.engine = message;
    this.#network.ready();
    this.#shortlistDialog.retry();
    this.#intake.renew();
    this.#searches.proceed();
    this.#visiting.settle(this.#own.offered.length > 0);
  }

  #engineFailed() {
    this.#searches.lose();
    this.#intake.renew();
    // An alert says it. How a search has ended stays true, and nothing would say it again.
    if (!this.#showing.search?.end) this.#status.say(this.#engine.words);
  }

  /**
   * @param {Search} search
   * @param {Problem | null} problem
   */
  #ended(search, problem) {
    this.#serviceAlerts.over();
    if (this.#connection.ended(search)) return;
    if (problem) this.#problems.show(problem);
    this.#status.sayEnd(search);
  }

  #draw() {
    this.#tools.offer(this.#own.offered, !!this.#own.ids);
    this.#own.draw();
    this.#left.draw();
    if (this.#own.ids) this.#shortlist.forgetOthers(this.#own.ids);
    const search = this.#searches.shown;
    if (search) this.#workspace.draw(search, this.#waiting);
    if (search) this.#keeper.draw(search);
    this.#export.draw(!!search?.results.size);
    this.#tools.offerAgain(search, this.#reachable.settingsOf(search));
    this.#scoring.drawn();
    this.#status.draw();
  }

  /** What a search would wait for; "" for nothing. */
  get #waiting() {
    return this.#reachable.lackOf(this.#showing.search) || this.#engine.words;
  }
}
