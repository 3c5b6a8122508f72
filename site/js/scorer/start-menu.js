/** @import {Published, Start} from "../client/published-scorer.js" */
import { byId, make } from "../ui/dom.js";
import { Menu } from "../ui/menu.js";

/** A menu of the scorers that the site brings along: to start from, or to rank by. */
export class StartMenu {
  #list;
  #menu;
  #first;
  #published;
  #on;

  /**
   * @param {Published} published
   * @param {{menu: string, list: string, first?: Start[]}} place  The ids of a <details> and of its list; what comes before the others.
   * @param {{open: (name: string, code: string) => void, failed: (message: string) => void}} on
   */
  constructor(published, { menu, list, first = [] }, on) {
    this.#list = byId(list, HTMLElement);
    this.#menu = new Menu(menu, () => this.#fill());
    this.#first = first;
    this.#published = published;
    this.#on = on;
  }

  async #fill() {
    if (this.#list.childElementCount) return;
    try {
      const starts = await this.#published.starts();
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
        this.#on.open(start.title, await this.#published.code(start));
      } catch (error) {
        this.#fail(error);
      }
    });
    item.append(button);
    return item;
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#on.failed(`${error instanceof Error ? error.message : "It could not be fetched."} Try again.`);
  }
}
