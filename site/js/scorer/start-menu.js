/** @import {Start} from "../client/published-scorer.js" */
import { published } from "../client/published-scorer.js";
import { byId, make } from "../ui/dom.js";
import { Menu } from "../ui/menu.js";

/** A menu of the scorers that the site brings along: to start from, or to rank by. */
export class StartMenu {
  #list;
  #menu;
  #first;
  #callbacks;

  /**
   * @param {{menu: string, list: string, first?: Start[]}} place  The ids of a <details> and of its list; what comes
   *   before the others.
   * @param {{onOpen: (name: string, code: string) => void, onFailed: (message: string) => void}} callbacks
   */
  constructor({ menu, list, first = [] }, callbacks) {
    this.#list = byId(list, HTMLElement);
    this.#menu = new Menu(menu, () => this.#fill());
    this.#first = first;
    this.#callbacks = callbacks;
  }

  async #fill() {
    if (this.#list.childElementCount) return;
    try {
      const starts = await published.starts();
      this.#list.replaceChildren(...[...this.#first, ...starts].map((start) => this.#item(start)));
    } catch (error) {
      this.#menu.close();
      this.#fail(error);
    }
  }

  /** @param {Start} start */
  #item(start) {
    const item = make("li");
    const button = make("button", "menu-item");
    button.type = "button";
    button.append(make("strong", "", start.title), make("span", "", start.line.replaceAll("`", "")));
    button.addEventListener("click", async () => {
      this.#menu.close();
      try {
        this.#callbacks.onOpen(start.title, await published.code(start));
      } catch (error) {
        this.#fail(error);
      }
    });
    item.append(button);
    return item;
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#callbacks.onFailed(`${error instanceof Error ? error.message : "It could not be fetched."} Try again.`);
  }
}
