/** @import {CodeEditor} from "../editor/code-editor.js" */
/** @import {FromEngine, Problem} from "../protocol.js" */
import { byId, write } from "../ui/dom.js";
import { LiveStatus } from "../ui/live-status.js";
import { plural } from "../ui/format.js";
import { CodeConsole } from "./code-console.js";
import { keepDraft, keptDraft } from "./draft.js";
import { openEditor } from "./load-editor.js";
import { FileMenu } from "./file-menu.js";
import { LIKENESS, published, SCORE_FILE } from "../client/published-scorer.js";
import { ScorerTabs } from "./scorer-tabs.js";
import { StartMenu } from "./start-menu.js";

/**
 * What the panel asks of the page.
 * @typedef {object} Ways
 * @property {(code: string, name: string, published: boolean, own: boolean) => number} run  Gives the run's number.
 * @property {(code: string, name: string) => Promise<string>} link
 * @property {() => string} waiting  What a run would wait for, in words; "" for nothing.
 * @property {(problem: Problem) => void} problem  Something is wrong: see `say`.
 */

/** The scorer as code, beside what it ranks. */
export class ScorerPanel {
  #panel = byId("scoring", HTMLElement);
  #opener = byId("open-scoring", HTMLButtonElement);
  #said = byId("scoring-said", HTMLElement);
  #status = new LiveStatus("scoring-said");
  #tabs = new ScorerTabs();
  #console = new CodeConsole();
  #file;
  #callbacks;
  /** @type {Promise<CodeEditor> | null} */
  #loading = null;
  /** @type {CodeEditor | null} */
  #editor = null;
  #name = SCORE_FILE;
  #changed = false;
  /** Whether nothing in the editor came from elsewhere: by a link, a file, what was saved, or by pasting. */
  #own = true;
  /** The scorer that worked last. */
  #worked = { code: "", name: SCORE_FILE, own: true };
  /** @type {{id: number, code: string, name: string, own: boolean} | null} */
  #running = null;
  /** Why the last run failed, which is to be read: the one before ranks in silence then. @type {Problem | null} */
  #failed = null;
  /** What is said while a run is waited for; "" for none. */
  #trying = "";
  /** Whether the editor holds a file that was opened and not run: that is said, and not how an earlier one goes on. */
  #untried = false;
  /** What the last page in this tab left unsaved. */
  #draft = keptDraft();
  /** Whether that is no draft, but what was chosen before the editor was there. */
  #begun = false;

  /** @param {Ways} callbacks */
  constructor(callbacks) {
    this.#callbacks = callbacks;
    this.#on("open-scoring", () => this.toggle());
    this.#on("close-scoring", () => this.close());
    this.#on("scoring-run", () => this.run());
    this.#on("scoring-revert", async () => this.take(SCORE_FILE, await published.load(), true));
    this.#on("scoring-worked", () => this.take(this.#worked.name, this.#worked.code, this.#worked.own));
    new StartMenu(
      { menu: "scoring-starts", list: "start-list" },
      { onOpen: (name, code) => this.take(name, code, true), onFailed: (message) => this.#say(message, "bad") },
    );
    const choose = {
      onOpen: (/** @type {string} */ name, /** @type {string} */ code) => this.choose(name, code),
      onFailed: (/** @type {string} */ message) => this.#fail(message),
    };
    new StartMenu({ menu: "ranked", list: "ranked-list", first: [LIKENESS] }, choose);
    this.#file = new FileMenu({
      held: () => ({ name: this.#name, code: this.#editor?.text ?? "" }),
      onOpen: (name, code) => this.take(name, code),
      onNamed: (name) => this.#rename(name),
      onSaid: (text) => this.#say(text),
      link: () => this.#callbacks.link(this.#editor?.text ?? "", this.#name),
    });
    keepDraft(() => this.#unsaved);
    for (const way of ["paste", "drop"])
      byId("scoring-editor", HTMLElement).addEventListener(way, () => (this.#own = false), true);
  }

  /** What would be lost with the page. */
  get #unsaved() {
    if (!this.#editor) return this.#begun ? null : this.#draft;
    return this.#changed ? { name: this.#name, code: this.#editor.text } : null;
  }

  /** Opens the panel, or closes it. */
  toggle() {
    if (this.#panel.hidden) this.open();
    else this.close();
  }

  /** Opens the panel, and puts the person into the text. */
  async open() {
    this.#panel.hidden = false;
    document.body.dataset["scoring"] = "open";
    this.#opener.ariaExpanded = "true";
    this.#tabs.toggle();
    // Where there is no room beside the results, they shall be seen above the panel.
    if (matchMedia("(max-width: 63.99rem)").matches) byId("results", HTMLElement).scrollIntoView({ block: "start" });
    try {
      (await this.#ready()).focus();
    } catch (error) {
      this.#say(
        `${error instanceof Error ? error.message : "The editor could not be opened."} Close this and open it again.`,
        "bad",
      );
    }
  }

  /** Closes the panel; what it holds stays. */
  close() {
    this.#panel.hidden = true;
    delete document.body.dataset["scoring"];
    this.#opener.ariaExpanded = "false";
    this.#tabs.toggle();
    this.#opener.focus({ preventScroll: true });
  }

  /**
   * Puts a scorer into the editor, without running it.
   * @param {string} name
   * @param {string} code
   * @param {boolean} [own]  Whether it is the site's own, or the person's.
   */
  async take(name, code, own = false) {
    this.#file.forget();
    const editor = await this.#ready();
    editor.open(code);
    this.#own = own;
    this.#untried = true;
    this.#rename(name);
    this.#say(`Opened ${quoted(name)}. Run puts it in charge.`);
    editor.focus();
  }

  /**
   * Has the engine try one of the site's scorers at once; the editor has it, when it is opened.
   * @param {string} name
   * @param {string} code
   */
  choose(name, code) {
    const file = name === LIKENESS.title ? SCORE_FILE : name;
    this.#file.forget();
    if (this.#editor) this.#editor.open(code);
    else if (this.#begun || !this.#draft) {
      this.#draft = { name: file, code };
      this.#begun = true;
    }
    this.#own = true;
    this.#rename(file);
    this.#try(code);
  }

  /** @param {{code: string, name: string} | null} inCharge  Null for the site's own. */
  draw(inCharge) {
    write(byId("ranked-by", HTMLElement), published.titleOf(inCharge));
  }

  /** Has the engine try what the editor holds. */
  run() {
    if (this.#editor) this.#try(this.#editor.text);
  }

  /** @param {string} code */
  #try(code) {
    performance.mark("scoring-run");
    const unchanged = code === published.score;
    const name = unchanged ? SCORE_FILE : this.#name === SCORE_FILE ? `${SCORE_FILE}, changed` : this.#name;
    this.#console.clear();
    this.#editor?.mark(null);
    const waiting = this.#callbacks.waiting();
    this.#failed = null;
    this.#untried = false;
    this.#trying = waiting ? `${waiting} ${quoted(name)} is tried then.` : `Trying ${quoted(name)}…`;
    this.#say(this.#trying);
    this.#running = { id: this.#callbacks.run(code, name, unchanged, this.#own), code, name, own: this.#own };
  }

  /** @param {FromEngine} message */
  receive(message) {
    if (message.type === "console") this.#console.add(message.text);
    if (message.type === "scorer-tried") this.#receiveTried(message);
    if (this.#failed || this.#untried) return;
    if (message.type === "recomputing")
      this.#status.show(`Looking again at what was found: ${message.done} of ${plural(message.total, "photo")}…`);
    if (message.type === "rescored")
      this.#say(`${plural(message.scores.length, "photo")} ranked again by ${quoted(this.#worked.name)}.`, "good");
  }

  /** @param {Extract<FromEngine, {type: "scorer-tried"}>} message */
  #receiveTried({ id, problem, features }) {
    if (id !== this.#running?.id) return;
    const { code, name, own } = this.#running;
    this.#failed = problem;
    this.#trying = "";
    if (problem) {
      this.#explain(problem);
      if (!this.#said.checkVisibility()) this.#callbacks.problem(problem);
      return;
    }
    this.#worked = { code, name, own };
    const again =
      features === "recomputed" ? " It looks at photos in another way, so what was found is looked at again." : "";
    this.#say(`${capital(quoted(name))} is in charge.${again}`, "good");
  }

  /**
   * Says what is wrong with the scorer, where the panel is on show.
   * @param {Problem} problem
   * @returns {boolean}  Whether it is.
   */
  say(problem) {
    if (!this.#said.checkVisibility()) return false;
    this.#explain(problem);
    return true;
  }

  /** @param {Problem} problem */
  #explain(problem) {
    this.#say(told(problem), "bad");
    if (problem.line) this.#editor?.mark({ line: problem.line, message: problem.message });
  }

  /** @returns {Promise<CodeEditor>} */
  #ready() {
    this.#loading ??= this.#load().catch((error) => {
      this.#loading = null;
      throw error;
    });
    return this.#loading;
  }

  async #load() {
    this.#say("Opening the editor…");
    const description = "Tab indents. Escape, then Tab leaves the text. Control or Command and Enter runs it.";
    const [code, editor] = await Promise.all([
      published.load(),
      openEditor(byId("scoring-editor", HTMLElement), {
        label: "Score function, in Python",
        description,
        run: () => this.run(),
        changed: () => this.#note(),
      }),
    ]);
    this.#editor = editor;
    if (!this.#worked.code) this.#worked = { code, name: SCORE_FILE, own: true };
    editor.open(this.#draft?.code ?? code);
    const draft = this.#draft && !this.#begun;
    this.#own = !draft; // nobody knows any more where that came from
    this.#rename(this.#draft?.name ?? SCORE_FILE);
    if (draft) this.#note();
    if (draft) this.#say("This is what you had before the page was reloaded. Run puts it in charge.");
    // What was chosen before there was an editor.
    else if (this.#failed) this.#explain(this.#failed);
    else this.#say(this.#trying || "This is the score function in charge. Change it, and run it.");
    this.#draft = null;
    return editor;
  }

  #note() {
    if (this.#changed) return;
    this.#changed = true;
    this.#drawName();
  }

  /** @param {string} name */
  #rename(name) {
    this.#name = name;
    this.#changed = false;
    this.#drawName();
  }

  #drawName() {
    write(byId("scoring-name", HTMLElement), this.#changed ? `${this.#name}, changed` : this.#name);
  }

  /** @param {string} message  Why a scorer could not be fetched. */
  #fail(message) {
    this.#callbacks.problem({ code: "scoring-file", message, advice: "", line: null });
  }

  /**
   * @param {string} text
   * @param {"" | "good" | "bad"} [how]
   */
  #say(text, how = "") {
    this.#said.classList.toggle("good", how === "good");
    this.#said.classList.toggle("bad", how === "bad");
    this.#status.announce(text);
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #on(id, act) {
    byId(id, HTMLButtonElement).addEventListener("click", act);
  }
}

/**
 * Where, what and what to do, as sentences.
 * @param {Problem} problem
 */
function told({ line, message, advice }) {
  const where = line && !/\bline \d/.test(message) ? `Line ${line}: ` : "";
  return `${where}${message}${/[.!?…]$/.test(message) ? "" : "."} ${advice}`.trim();
}

/** @param {string} name */
function quoted(name) {
  return name.startsWith(SCORE_FILE) ? name : `“${name}”`;
}

/** @param {string} text */
function capital(text) {
  return text.startsWith(SCORE_FILE) ? `The score function ${text}` : text;
}
