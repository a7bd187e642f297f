// What stands in a value's place: nothing, "not applicable", a number, or something that is none.

import { tidy } from "./folding.js";
import { rules } from "./rules.js";
import { casefold } from "./text.js";

export const BLANK = 0;
export const NOT_APPLICABLE = 1;
export const NUMBER = 2;
export const NOT_A_NUMBER = 3;
export const AMBIGUOUS = 4;
export const ROUNDED = 5;
export const PERCENT = 6;
const DIGITS = /^[0-9]{1,15}$/;

/** Return the decimal marks that these texts show beyond doubt: none, one, or both when they contradict. */
export function conventionShown(texts) {
  const shown = new Set();
  for (const text of texts) {
    if ((!text.includes(",") && !text.includes(".")) || rules.quantities.TYPED_NUMBER.fullmatch(text)) continue;
    const mark = markShown(unsigned(withoutPercent(tidy(text))));
    if (mark) shown.add(mark);
  }
  return shown;
}

function withoutPercent(written) {
  return (written.endsWith("%") ? written.slice(0, -1) : written).trimEnd();
}

/** Return {status, value} of each text, as arrays; the value is NaN where there is no number. */
export function readQuantities(texts, decimalMark) {
  const status = new Uint8Array(texts.length);
  const value = new Float64Array(texts.length).fill(NaN);
  texts.forEach((text, index) => {
    if (DIGITS.test(text)) [status[index], value[index]] = [NUMBER, Number(text)];
    else [status[index], value[index]] = readQuantity(text, decimalMark);
  });
  return { status, value };
}

/** Return what one text says: [status, value]. A PERCENT has its number as value. */
export function readQuantity(text, decimalMark) {
  const { TYPED, TYPED_NUMBER, NOT_APPLICABLE_WORDS, EXPONENT } = rules.quantities;
  if (TYPED_NUMBER.fullmatch(text)) return [NUMBER, Number(text.replaceAll(TYPED, ""))];
  const written = tidy(text);
  if (!written) return [BLANK, NaN];
  if (NOT_APPLICABLE_WORDS.includes(casefold(written))) return [NOT_APPLICABLE, NaN];
  if (written.endsWith("%")) {
    const [status, value] = readQuantity(written.slice(0, -1), decimalMark);
    if (status === NUMBER) return [PERCENT, value];
    return [status === AMBIGUOUS || status === ROUNDED ? status : NOT_A_NUMBER, NaN];
  }
  if (EXPONENT.fullmatch(written)) return [ROUNDED, NaN];
  const { status, whole, fraction } = splitNumber(unsigned(written), decimalMark);
  if (status !== NUMBER) return [status, NaN];
  const value = Number(`${whole || "0"}.${fraction || "0"}`);
  if (value === Infinity) return [NOT_A_NUMBER, NaN];
  return [NUMBER, "-−".includes(written[0]) ? -value : value];
}

function unsigned(written) {
  return written && "+-−".includes(written[0]) ? written.slice(1) : written;
}

function splitNumber(digits, decimalMark) {
  const { PLAIN, GROUPED_BY_SPACE, EITHER } = rules.quantities;
  const whole = (text) => ({ status: NUMBER, whole: text.replace(/[^0-9]/g, ""), fraction: "" });
  if (PLAIN.fullmatch(digits)) return whole(digits);
  const marks = [...digits].filter((sign) => sign === "," || sign === ".");
  if (!marks.length) return GROUPED_BY_SPACE.fullmatch(digits) ? whole(digits) : { status: NOT_A_NUMBER };
  let mark = decimalMark;
  if (EITHER.fullmatch(digits)) {
    if (mark === null) return { status: AMBIGUOUS };
  } else {
    mark = markShown(digits);
    if (mark === null) return { status: NOT_A_NUMBER };
  }
  if (!marks.includes(mark)) return whole(digits);
  const at = digits.lastIndexOf(mark);
  return { ...whole(digits.slice(0, at)), fraction: digits.slice(at + 1) };
}

/** Return the decimal mark an unsigned number shows beyond doubt, null when it shows none or is no number. */
function markShown(digits) {
  if (rules.quantities.EITHER.fullmatch(digits)) return null;
  for (const [mark, [fraction, groups]] of Object.entries(rules.quantities.SHAPES)) {
    if (fraction.fullmatch(digits) || groups.fullmatch(digits)) return mark;
  }
  return null;
}
