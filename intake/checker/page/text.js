// Texts as Python takes them: what is a space, a digit, a sign that prints; numbers as it writes them.

import { rules } from "./rules.js";

const PLAIN = /^[\x21-\x7e]*$/;
const ASCII = /^[\x00-\x7f]*$/;
let spaces = null;

function isSpace(sign) {
  spaces ??= new Set(rules.text.SPACES);
  return spaces.has(sign);
}

export function isAscii(text) {
  return ASCII.test(text);
}

/** Whether nothing but spaces stands here. */
export function isBlank(text) {
  for (let index = 0; index < text.length; index++) if (!isSpace(text[index])) return false;
  return true;
}

export function strip(text, signs = null) {
  const falls = signs === null ? isSpace : (sign) => signs.includes(sign);
  let start = 0;
  let end = text.length;
  while (start < end && falls(text[start])) start++;
  while (end > start && falls(text[end - 1])) end--;
  return text.slice(start, end);
}

/** The words between spaces. */
export function split(text) {
  if (PLAIN.test(text)) return text ? [text] : [];
  const words = [];
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const between = index === text.length || isSpace(text[index]);
    if (between && start >= 0) {
      words.push(text.slice(start, index));
      start = -1;
    } else if (!between && start < 0) start = index;
  }
  return words;
}

export function casefold(text) {
  if (isAscii(text)) return text.toLowerCase();
  let folded = "";
  for (const sign of text) folded += rules.text.CASEFOLD[sign] ?? sign;
  return folded;
}

export function isAlpha(sign) {
  return /^\p{L}$/u.test(sign);
}

/** Whether the sign is a digit, also a raised or circled one. */
export function isDigit(sign) {
  return /^\p{Nd}$/u.test(sign) || isDigitBesideDecimals(sign);
}

export function isDigitBesideDecimals(sign) {
  return sign !== "" && rules.text.DIGITS_BESIDE_DECIMALS.includes(sign);
}

export function isPrintable(sign) {
  const code = sign.codePointAt(0);
  const ranges = rules.text.UNPRINTABLE;
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1] < code) low = middle + 1;
    else high = middle;
  }
  return low === ranges.length / 2 || ranges[2 * low] > code;
}

/** A cell's text as a finding shows it: on one line, without control characters, not too long. */
export function quoted(text) {
  if (PLAIN.test(text) && text.length <= rules.findings.LONGEST_VALUE) return text;
  let visible = [];
  for (const sign of text) {
    if (sign === rules.quantities.TYPED) continue;
    visible.push(isPrintable(sign) ? sign : isSpace(sign) ? " " : "\ufffd");
  }
  if (visible.length > rules.findings.LONGEST_VALUE) {
    visible = [...visible.slice(0, rules.findings.LONGEST_VALUE - 1), "…"];
  }
  return visible.join("");
}

/** A fraction as Python's repr writes it: an exponent below 1e-4 and from 1e16 on. */
export function fractionText(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value < 0 ? "-inf" : "inf";
  const [digits, power] = value.toExponential().split("e");
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  if (Number.isInteger(value)) return `${Object.is(value, -0) ? "-0" : String(value)}.0`;
  return String(value);
}

/** A number as a finding says it: whole ones without a fraction. */
export function numberText(value) {
  if (!Number.isInteger(value)) return fractionText(value);
  return Math.abs(value) < 1e21 ? String(value + 0) : BigInt(value).toString();
}
