import assert from "node:assert/strict";
import test from "node:test";

import { plainLicence } from "../../site/js/sources/plain-licence.js";

for (const [name, long] of [
  ["CC BY 2.0", "Free, name the author"],
  ["CC-BY-4.0", "Free, name the author"],
  ["CC BY-SA 3.0 de", "Free, name the author, same licence"],
  ["CC BY-ND 2.0", "Free, name the author, unchanged"],
  ["CC BY-NC 2.0", "Not for business"],
  ["cc by-nc-sa 4.0", "Not for business"],
  ["CC BY-NC-2.0", "Not for business"],
  ["CC0 1.0", "Free to use"],
  ["PDM 1.0", "Free to use"],
  ["Public domain", "Free to use"],
  ["No known copyright restrictions", "No known limits"],
  ["All Rights Reserved", "All rights reserved"],
  ["", "Licence unknown: ask"],
]) {
  test(`${name || "no licence"} is "${long}"`, () => assert.equal(plainLicence(name).long, long));
}

// On a narrow photo there is room for one line.
for (const [name, short] of [
  ["CC BY 2.0", "Free, credit"],
  ["CC BY-SA 4.0", "Share alike"],
  ["CC BY-ND 2.0", "No changes"],
  ["CC BY-NC-SA 2.0", "No business"],
  ["CC0 1.0", "Free"],
  ["", "Ask first"],
]) {
  test(`${name || "no licence"} is "${short}" in short`, () => assert.equal(plainLicence(name).short, short));
}

// What is not known is said as it is, and never as free.
for (const name of ["CC sampling+", "CC BY-NCX 1.0", "GFDL", "CC BY-FOO"]) {
  test(`${name} is said as it is`, () => assert.equal(plainLicence(name).long, name));
}

test("the whole licence says that business is excluded", () => {
  const { full } = plainLicence("CC BY-NC-ND 4.0");
  assert.equal(full, "Free to use, but not for business; name the author; leave it unchanged.");
});
