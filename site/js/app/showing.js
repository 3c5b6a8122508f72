/** @import {QueryInput} from "../query/query-input.js" */
/** @import {Search} from "../search/search.js" */
/** @import {Searches} from "../search/searches.js" */
/** @import {FlickrKey} from "../settings/flickr-key.js" */
/** @import {ShortlistDialog} from "../shortlist/shortlist-dialog.js" */
/** @import {SearchTools} from "../sources/search-tools.js" */
/** @import {EngineState} from "./engine-state.js" */
/** @import {StatusLine} from "./status-line.js" */
/** @import {Workspace} from "./workspace.js" */
import { closeModals } from "../ui/modal.js";

/** Dialogs that a search does not close by itself: two are steps of the history, one asks about a stranger's code. */
const UNASKED = new Set(["viewer", "shortlist", "shared"]);

/**
 * The parts of the page that are on the first screen or in the workspace, or move from one to the other.
 * @typedef {object} Parts
 * @property {Pick<Searches, "show" | "shown">} searches
 * @property {Pick<QueryInput, "show" | "leave">} intake
 * @property {Pick<SearchTools, "moveToWorkspace" | "moveToLanding" | "follow">} tools
 * @property {{phases: Pick<EngineState["phases"], "moveTo">}} engine
 * @property {Pick<FlickrKey, "place">} key
 * @property {Pick<StatusLine, "sayEnd" | "tell">} status
 * @property {Pick<Workspace, "open" | "close" | "visible"> & {viewer: Pick<Workspace["viewer"], "close">}} workspace
 * @property {Pick<ShortlistDialog, "close">} shortlistDialog
 */

/** What is on show: the first screen, or a search in the workspace. */
export class Showing {
  #parts;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /** The search on show; null on the first screen. */
  get search() {
    const { workspace, searches } = this.#parts;
    return workspace.visible ? searches.shown : null;
  }

  /**
   * @param {Search} search
   * @param {boolean} [aside]  Whether the person may be at something else.
   */
  open(search, aside) {
    const { searches, intake, engine, tools, workspace, key, status } = this.#parts;
    searches.show(search);
    intake.show(search, aside);
    engine.phases.moveTo("workspace-phases");
    tools.moveToWorkspace();
    tools.follow(search);
    if (!aside) workspace.open();
    key.place();
    status.sayEnd(search);
  }

  /** Back to the first screen; the search stays, and goes on. */
  leave() {
    const { intake, engine, tools, workspace, key, status } = this.#parts;
    intake.leave();
    tools.moveToLanding();
    engine.phases.moveTo("landing-phases");
    workspace.close();
    key.place();
    status.tell();
  }

  /**
   * A photo may be dropped or pasted while others are seen large, or in any other dialog: what comes of it is to be
   * seen, and a mark is for what is on show.
   * @param {() => void} then
   */
  uncover(then) {
    const { workspace, shortlistDialog } = this.#parts;
    closeModals(({ id }) => UNASKED.has(id));
    workspace.viewer.close(() => shortlistDialog.close(then));
  }
}
