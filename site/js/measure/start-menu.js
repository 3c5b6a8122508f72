/** @import {Published, Start} from "./published.js" */
import { byId, make } from "../page/dom.js";
import { Menu } from "../page/menu.js";

/** The menu of measures to start from. */
export class StartMenu {
  #list = byId("start-list", HTMLElement);
  #menu = new Menu("measure-starts", () => this.#fill());
  #published;
  #on;

  /**
   * @param {Published} published
   * @param {{open: (name: string, code: string) => void, failed: (message: string) => void}} on
   */
  constructor(published, on) {
    this.#published = published;
    this.#on = on;
  }

  async #fill() {
    if (this.#list.childElementCount) return;
    try {
      const starts = await this.#published.starts();
      this.#list.replaceChildren(...starts.map((start) => this.#item(start)));
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
    button.append(make("strong", "", start.title), make("span", "", start.line));
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
