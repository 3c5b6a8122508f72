/*
 * Before anything starts: says in a sentence that a browser is too old, holds back what the page
 * needs, or did not get the page's script. It is no module and has no new syntax (ES5), so that the
 * oldest browser can read it.
 */
(function () {
  "use strict";
  // One whose parts are all there in these: (caniuse's and MDN's numbers)
  var VERSIONS = "Chrome or Edge 116, Firefox 125, Safari 17.4";
  var root = document.documentElement;

  // Modules of WebAssembly that use SIMD, and exceptions: four bytes of magic, four of version, then one function.
  var SIMD = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
  ];
  var EXCEPTIONS = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11];

  /** What the page is written with; the value is whether this browser has it. */
  function features() {
    return {
      modules: "noModule" in HTMLScriptElement.prototype,
      popovers: "popover" in HTMLElement.prototype,
      roles: "ariaExpanded" in Element.prototype,
      lists: "toReversed" in Array.prototype,
      signals: typeof AbortSignal === "function" && "any" in AbortSignal,
      compression: typeof CompressionStream === "function",
      canvases: typeof OffscreenCanvas === "function",
      channels: typeof BroadcastChannel === "function",
      selectors: typeof CSS === "object" && CSS.supports && CSS.supports("selector(:has(a))"),
    };
  }

  /** @param {number[]} bytes */
  function compiles(bytes) {
    return WebAssembly.validate(new Uint8Array(bytes));
  }

  /**
   * @param {string} message
   * @param {string} advice
   */
  function say(message, advice) {
    var alert = document.createElement("div");
    alert.className = "alert error";
    alert.setAttribute("role", "alert");
    var words = alert.appendChild(document.createElement("div"));
    words.className = "alert-words";
    words.appendChild(document.createElement("strong")).textContent = message;
    words.appendChild(document.createElement("p")).textContent = advice;
    var place = document.getElementById("alerts");
    var status = document.getElementById("status");
    if (place) place.appendChild(alert);
    if (status) status.textContent = "Stopped: the page has not started.";
  }

  /**
   * @param {string} message
   * @param {string} advice
   */
  function stop(message, advice) {
    root.setAttribute("data-unfit", "true");
    say(message, advice);
  }

  function check() {
    var there = features();
    for (var name in there) {
      if (!there[/** @type {keyof typeof there} */ (name)]) return old();
    }
    if (typeof WebAssembly !== "object") {
      return stop(
        "WebAssembly is switched off in this browser, and Lookalike runs by it.",
        "Allow it for this site: it is off in Lockdown Mode, and in some browsers' strictest security levels. Or use another browser.",
      );
    }
    if (!compiles(SIMD) || !compiles(EXCEPTIONS)) old();
  }

  function old() {
    stop(
      "This browser is too old for Lookalike.",
      "It runs in " + VERSIONS + ", and in newer ones: update this browser, or open the page in another.",
    );
  }

  /** The page's own script did not run, so nothing else can say so. @param {string} file */
  function lost(file) {
    fetch(file, { cache: "no-cache" }).then(
      function (response) {
        if (!response.ok)
          say(
            "The file js/main.js is missing (HTTP " + response.status + ").",
            "The site is incomplete, which its publisher can mend: build it again by build_site.py, and publish all of it.",
          );
        else
          say(
            "The file js/main.js did not run: it is broken, or this browser has blocked it.",
            "Reload the page. If that does not help, allow this site in extensions that block scripts; else its publisher can build the site again by build_site.py, and publish that.",
          );
      },
      function () {
        say(
          "The file js/main.js could not be fetched.",
          "Check the connection, and extensions that block scripts; then reload the page.",
        );
      },
    );
  }

  check();
  if (root.getAttribute("data-unfit")) return;
  var script = /** @type {HTMLScriptElement | null} */ (document.querySelector("script[type=module]"));
  if (!script) return;
  var file = script.src;
  var said = false;
  function once() {
    if (said) return;
    said = true;
    lost(file);
  }
  script.addEventListener("error", once);
  addEventListener("error", function (event) {
    // A script that is cut off, or another file in its place, cannot be read.
    if (event.filename === file && event.error instanceof SyntaxError) once();
  });
})();
