// Which school a text means: its exact code, a remembered choice, a code a spreadsheet damaged, or a name.

import { fold, foldSchoolName, inLatin, tidy } from "./folding.js";
import { mostLike, signs, sortedWords } from "./likeness.js";
import { rules } from "./rules.js";
import { isAlpha } from "./text.js";

export const EXACT = "exact";
export const REPAIRED = "repaired";
export const CHOSEN = "chosen";
export const BY_NAME = "by_name";
export const BLANK = "blank";
export const UNKNOWN = "unknown";
export const AMBIGUOUS = "ambiguous";
export const NO_PLACE = -1;
const DIGITS = /^[0-9]+$/;

const match = (place, how, others = []) => ({ place, how, others });

/** Matches texts to the schools of a register; a match is {place, how, others}. */
export class SchoolMatcher {
  constructor(register, chosen) {
    this.register = register;
    this.chosen = chosen;
    this.placesBy = {};
  }

  /** The school that the text in a code column means. */
  match(text) {
    const code = tidy(text);
    if (!code) return match(NO_PLACE, BLANK);
    const exact = this.register.placeOfCode.get(code);
    if (exact !== undefined) return match(exact, EXACT);
    const chosen = this.chosen.get(fold(text));
    if (chosen !== undefined) return match(chosen, CHOSEN);
    const repaired = this.repaired(code);
    return repaired.how !== UNKNOWN ? repaired : this.matchName(text);
  }

  /** The school of which this is the name, where only one has it. */
  matchName(text) {
    const name = foldSchoolName(text);
    if (!name) return match(NO_PLACE, BLANK);
    const chosen = this.chosen.get(fold(text));
    if (chosen !== undefined) return match(chosen, CHOSEN);
    return this.oneOf(this.by("name", () => this.register.foldedNames).get(name) ?? [], BY_NAME);
  }

  oneOf(places, how) {
    if (places.length === 1) return match(places[0], how);
    if (!places.length) return match(NO_PLACE, UNKNOWN);
    const first = [...places].sort((one, other) => one - other).slice(0, rules.schools.SUGGESTED);
    return match(NO_PLACE, AMBIGUOUS, first.map((place) => this.register.codes[place]));
  }

  /** Undo what spreadsheets and keyboards do to codes, one kind of damage after the other. */
  repaired(written) {
    const { FORMULA_TEXT, EXPONENT, DECIMAL_TAIL, LONGEST_CODE } = rules.schools;
    const { placeOfCode } = this.register;
    let code = (FORMULA_TEXT.fullmatch(written)?.[1] ?? written).replace(/^['’]+/, "");
    if (placeOfCode.has(code)) return match(placeOfCode.get(code), REPAIRED);
    const exponent = EXPONENT.fullmatch(code);
    if (exponent) return this.oneOf(this.rounded(exponent[1], Number(exponent[2])), REPAIRED);
    const tail = DECIMAL_TAIL.fullmatch(code);
    if (tail) {
      code = tail[1];
      if (placeOfCode.has(code)) return match(placeOfCode.get(code), REPAIRED);
    }
    if (DIGITS.test(code) && code.length <= LONGEST_CODE) {
      const longer = this.byNumber.get(BigInt(code)) ?? [];
      return this.oneOf(longer.filter((place) => this.register.codes[place].endsWith(code)), REPAIRED);
    }
    return this.oneOf(this.by("look", () => this.register.codes.map(look)).get(look(code)) ?? [], REPAIRED);
  }

  /** The schools whose code, as a number, a spreadsheet shows as this exponent form. */
  rounded(mantissa, exponent) {
    const [whole, fraction = ""] = mantissa.replace(",", ".").split(".");
    // In halves of the last digit shown, so that all is whole: `1.2E+03` is 24 halves of hundreds, give or take one.
    const power = exponent - fraction.length;
    const scale = (number, by) => (by >= 0 ? number * 10n ** BigInt(by) : number);
    const shown = scale(2n * BigInt(whole + fraction), power);
    const half = scale(1n, power);
    const found = [];
    for (const [number, places] of this.byNumber) {
      const doubled = power >= 0 ? 2n * number : 2n * number * 10n ** BigInt(-power);
      if (shown - half <= doubled && doubled < shown + half) found.push(...places);
    }
    return found;
  }

  get byNumber() {
    return this.by("number", () => this.register.codes.map((code) => (DIGITS.test(code) ? BigInt(code) : null)));
  }

  /** Key -> places, made when it is first asked for. */
  by(name, keys) {
    if (!this.placesBy[name]) {
      const places = new Map();
      keys().forEach((key, place) => {
        if (key === null) return;
        if (!places.has(key)) places.set(key, []);
        places.get(key).push(place);
      });
      this.placesBy[name] = places;
    }
    return this.placesBy[name];
  }

  /** Up to three schools that may be meant, nearest first, as "code (name)". */
  suggestions(code, name) {
    const { SUGGESTED, NAME_LIKENESS, CODE_LIKENESS } = rules.schools;
    const wanted = foldSchoolName(name) || ([...code].some(isAlpha) ? foldSchoolName(code) : "");
    let places = [];
    if (wanted) {
      this.namesInOrder ??= this.register.foldedNames.map(sortedWords);
      places = mostLike(sortedWords(wanted), this.namesInOrder, SUGGESTED, NAME_LIKENESS);
    }
    if (!places.length) {
      this.codeSigns ??= this.register.codes.map(signs);
      places = mostLike(signs(tidy(code)), this.codeSigns, SUGGESTED, CODE_LIKENESS);
    }
    return places.map((place) => `${this.register.codes[place]} (${this.register.names[place]})`);
  }
}

/** A code as it looks: Cyrillic letters that look Latin as Latin ones, the letter O as a zero. */
function look(code) {
  return inLatin(code.toUpperCase()).replaceAll("O", "0").replaceAll(" ", "");
}
