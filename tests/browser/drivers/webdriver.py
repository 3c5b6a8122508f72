"""A page in a browser that is driven by WebDriver, by selenium."""

import contextlib

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    JavascriptException,
    StaleElementReferenceException,
)
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.action_chains import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput

from drivers.page import NotYetError, Page

UNREADY = (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
)
KEYS = {
    "Control": Keys.CONTROL,
    "Enter": Keys.ENTER,
    "Escape": Keys.ESCAPE,
    "Tab": Keys.TAB,
    "End": Keys.END,
    "ArrowLeft": Keys.ARROW_LEFT,
    "ArrowRight": Keys.ARROW_RIGHT,
    "ArrowDown": Keys.ARROW_DOWN,
}


class WebDriverPage(Page):
    """The one window of a browser.

    Attributes:
        driver: selenium's.
    """

    driver = None
    takes_folders = False

    def goto(self, url):
        self.driver.get(url)

    def reload(self):
        self.driver.refresh()

    def evaluate(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def elements(self, script, *arguments):
        with unready():
            return self.driver.execute_script(script, *arguments)

    def click_element(self, element):
        with unready():
            if not element.is_enabled():
                raise NotYetError("it is disabled")
            element.click()

    def type_into(self, element, text):
        with unready():
            element.click()
            self.press("Control", "a")
            element.send_keys(text)

    def give_files(self, element, paths):
        with unready():
            element.send_keys("\n".join(str(path) for path in paths))

    def press(self, *keys):
        chain = ActionChains(self.driver)
        codes = [KEYS.get(key, key) for key in keys]
        for code in codes:
            chain.key_down(code)
        for code in reversed(codes):
            chain.key_up(code)
        chain.perform()

    def keys(self, text):
        ActionChains(self.driver).send_keys(text.replace("\n", Keys.ENTER)).perform()

    def stroke(self, points, pointer="mouse", rest=0.0):
        source = PointerInput(pointer, f"the {pointer}")
        steps = ActionBuilder(self.driver, mouse=source)
        (first, *others) = [(round(x), round(y)) for x, y in points]
        steps.pointer_action.move_to_location(*first).pointer_down()
        if rest:
            steps.pointer_action.pause(rest)
        for x, y in others:
            steps.pointer_action.move_to_location(x, y)
        steps.pointer_action.pointer_up()
        steps.perform()

    def pinch(self, middle, start, end):
        x, y = middle
        steps = ActionBuilder(self.driver, mouse=PointerInput("touch", "one finger"))
        other = steps.add_pointer_input("touch", "another finger")
        for finger, way in ((steps.pointer_action.source, -1), (other, 1)):
            finger.create_pointer_move(x=round(x + way * start), y=round(y))
            finger.create_pointer_down(button=0)
            for part in (0.5, 1):
                there = x + way * (start + (end - start) * part)
                finger.create_pointer_move(duration=100, x=round(there), y=round(y))
            finger.create_pointer_up(0)
        steps.perform()

    def is_checked(self, element):
        with unready():
            script = "return arguments[0].checked ?? arguments[0].ariaPressed === 'true'"
            return self.driver.execute_script(script, element)

    def resize(self, width, height):
        """Make the page, not the window, this big."""
        inner = "return [outerWidth - innerWidth, outerHeight - innerHeight]"
        for _ in range(2):  # the first time, the window's frame may not be known yet
            more_width, more_height = self.evaluate(inner)
            self.driver.set_window_size(width + more_width, height + more_height)

    def screenshot(self, path):
        self.driver.save_screenshot(str(path))


@contextlib.contextmanager
def unready():
    """Make a `NotYetError` of what WebDriver says where an element is not ready."""
    try:
        yield
    except UNREADY as error:
        raise NotYetError(str(error)) from error
    except JavascriptException as error:
        if "stale" not in str(error):
            raise
        raise NotYetError(str(error)) from error
