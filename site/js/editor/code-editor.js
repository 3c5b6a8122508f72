/**
 * The code editor: CodeMirror, put together for one small Python file.
 *
 * This file is bundled with what it imports by build_site.py, and fetched when it is first needed.
 */

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { colours, look } from "./look.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** A Python file that can be edited. Tab indents; after Escape it leaves, as everywhere. */
export class CodeEditor {
  #view;
  #scheme = new Compartment();

  /**
   * @param {HTMLElement} place  An empty element to fill.
   * @param {{label: string, description: string, run: () => void, changed: () => void}} options
   */
  constructor(place, options) {
    // In a shadow tree CodeMirror adopts its style sheets; in the page it would write <style>
    // elements, which the Content-Security-Policy rightly ignores.
    const root = place.attachShadow({ mode: "open" });
    this.#view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ extensions: this.#extensions(options) }),
    });
    DARK.addEventListener("change", () =>
      this.#view.dispatch({ effects: this.#scheme.reconfigure(EditorView.darkTheme.of(DARK.matches)) }),
    );
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /**
   * Puts another text in place of the one that is there; undo brings that back, however soon one followed another.
   * @param {string} text
   */
  open(text) {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
      annotations: isolateHistory.of("full"),
      scrollIntoView: true,
    });
    this.mark(null);
  }

  /**
   * Underlines the line to mend, or none.
   * @param {{line: number, message: string} | null} problem  The line counts from 1.
   */
  mark(problem) {
    const { doc } = this.#view.state;
    const line = problem && problem.line >= 1 ? doc.line(Math.min(problem.line, doc.lines)) : null;
    const indent = line ? line.text.length - line.text.trimStart().length : 0;
    const found =
      line && problem
        ? [
            {
              from: line.from + (indent < line.length ? indent : 0),
              to: line.to,
              severity: /** @type {const} */ ("error"),
              message: problem.message,
            },
          ]
        : [];
    this.#view.dispatch(setDiagnostics(this.#view.state, found));
    if (line) this.#view.dispatch({ effects: EditorView.scrollIntoView(line.from, { y: "nearest", yMargin: 40 }) });
  }

  /** Puts the person into the text. */
  focus() {
    this.#view.focus();
  }

  /** @param {{label: string, description: string, run: () => void, changed: () => void}} options */
  #extensions({ label, description, run, changed }) {
    const runs = () => {
      run();
      return true;
    };
    return [
      Prec.highest(keymap.of([{ key: "Mod-Enter", run: runs, preventDefault: true }])),
      lineNumbers(),
      lintGutter(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSpecialChars(),
      highlightSelectionMatches(),
      history(),
      drawSelection(),
      search({ top: true }),
      indentUnit.of("    "),
      indentOnInput(),
      bracketMatching(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, "aria-description": description }),
      EditorView.domEventHandlers({ beforeinput: replace }),
      EditorView.updateListener.of((update) => update.docChanged && changed()),
      // Not python(), which brings completions along that nothing here shows.
      pythonLanguage,
      syntaxHighlighting(colours),
      look,
      this.#scheme.of(EditorView.darkTheme.of(DARK.matches)),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
    ];
  }
}

/**
 * Types over what is selected. Left to itself, Chromium copies the old text's looks into a style
 * attribute, which the Content-Security-Policy forbids.
 * @param {InputEvent} event
 * @param {EditorView} view
 */
function replace(event, view) {
  const { data, inputType } = event;
  if (inputType !== "insertText" || !data || view.composing) return false;
  if (view.state.selection.main.empty && !data.includes("\n")) return false;
  event.preventDefault();
  view.dispatch(
    view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true }),
  );
  return true;
}
