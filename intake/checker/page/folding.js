// When two written words are the same: case, spaces, look-alike letters and the many kinds of quotes folded away.

import { rules } from "./rules.js";
import { casefold, isAscii, split, strip } from "./text.js";

const UNSEEN = /\p{Cf}/gu;

/** The text with single plain spaces and none outside, and without what nobody can see. */
export function tidy(text) {
  return split(isAscii(text) ? text : text.replace(UNSEEN, "")).join(" ");
}

function squeeze(text) {
  return tidy(isAscii(text) ? text : text.normalize("NFKC"));
}

/** The form in which names of columns, metrics and months are compared. */
export function fold(text) {
  const folded = casefold(squeeze(text)).replaceAll("ё", "е");
  return strip(rules.folding.SPACES.replaced(folded, " "), ' :*"');
}

/** A text with Cyrillic letters that look Latin written as Latin ones. */
export function inLatin(text) {
  let found = "";
  for (const sign of text) {
    const latin = rules.folding.LOOK_ALIKE[sign.codePointAt(0)];
    found += latin === undefined ? sign : String.fromCodePoint(latin);
  }
  return found;
}

export function lookAlike(text) {
  return inLatin(fold(text));
}

/** The form in which school names are compared: as `fold`, and quotes, hyphens and their spaces alike. */
export function foldSchoolName(text) {
  const folded = rules.folding.HYPHENS.replaced(fold(text.replaceAll("№", " № ")), "-");
  return split(rules.folding.QUOTES.replaced(folded, "")).join(" ");
}
