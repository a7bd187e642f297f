// A column's name without what people write around it: numbers of columns, units, footnote marks, tags.

import { fold } from "./folding.js";
import { rules } from "./rules.js";

const REFERENCE = /&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/gu;

/** The folded name with nothing but its words. */
export function plainName(name) {
  const { TAG, FOOTNOTE, NUMBER_BEFORE, PUNCTUATION } = rules.column_names;
  const text = FOOTNOTE.replaced(TAG.replaced(withoutReferences(name), " "), "");
  return PUNCTUATION.replaced(fold(NUMBER_BEFORE.replacedOnce(text, "")), " ").replace(/^ +| +$/g, "");
}

/** Yield the plain name without a word before it, after it, on both sides; with the units that may lose them. */
export function* shorterNames(plain) {
  const { AROUND, BEFORE, AFTER } = rules.column_names;
  const before = BEFORE.match(plain);
  const after = AFTER.search(plain);
  const start = before ? before[0].length : 0;
  if (before) yield [plain.slice(start), AROUND[before[1]]];
  if (after) yield [plain.slice(0, after.index), AROUND[after[1]]];
  if (before && after && start < after.index) {
    yield [plain.slice(start, after.index), AROUND[before[1]].filter((unit) => AROUND[after[1]].includes(unit))];
  }
}

/** A text with HTML's references resolved, as browsers and Python do: also those that lack their semicolon. */
function withoutReferences(text) {
  return text.includes("&") ? text.replace(REFERENCE, (whole, name) => referred(whole, name)) : text;
}

function referred(whole, name) {
  const { ENTITIES, REFERENCES } = rules.html;
  if (name[0] === "#") {
    const code = /^#[xX]/.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    if (REFERENCES[code] !== undefined) return REFERENCES[code];
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? "\ufffd" : String.fromCodePoint(code);
  }
  if (ENTITIES[name] !== undefined) return ENTITIES[name];
  // The longest name that begins it.
  const signs = [...name];
  for (let length = signs.length - 1; length > 1; length--) {
    const begins = signs.slice(0, length).join("");
    if (ENTITIES[begins] !== undefined) return ENTITIES[begins] + signs.slice(length).join("");
  }
  return whole;
}
