// Periods as people write them, in English, Russian and Kazakh: `2026-09`, `09.2026`, `сентябрь 2026`, `2026-Q3`.

import { fold, lookAlike } from "./folding.js";
import { MONTH, Period, QUARTER, SCHOOL_YEAR, ordinal } from "./periods.js";
import { rules } from "./rules.js";
import { isDigitBesideDecimals, split, strip } from "./text.js";

/** Return the period a text names, null when it names none or could name several. */
export function readPeriod(text) {
  // A footnote's mark is no digit: 2026-1¹ is not November.
  if ([...text].some(isDigitBesideDecimals)) return null;
  const { FILLERS } = rules.written_periods;
  let written = strip(split(FILLERS.replaced(fold(text), " ")).join(" "), " .,");
  written = rules.folding.HYPHENS.replaced(written, "-").replaceAll(" -", "-").replaceAll("- ", "-");
  written = written.replace(/^['’]+/, "");
  for (const reader of [monthIn, dayIn, namedMonthIn, quarterIn, schoolYearIn, spanIn]) {
    const period = reader(written);
    if (period) return period;
  }
  return null;
}

function groups(pattern, written) {
  return rules.written_periods[pattern].fullmatch(written)?.groups ?? null;
}

function monthIn(written) {
  for (const form of ["MONTH_FIRST", "YEAR_FIRST", "RUN_TOGETHER"]) {
    const found = groups(form, written);
    const month = found ? Number(found.month ?? found.padded) : 0;
    if (month >= 1 && month <= 12) return new Period(Number(found.year), month);
  }
  return null;
}

function dayIn(written) {
  const { LAST_MOMENT, MIDNIGHT } = rules.written_periods;
  const day = dateIn(LAST_MOMENT.replaced(MIDNIGHT.replaced(written, ""), ""));
  if (day === null) return null;
  const period = Period.containing(day, MONTH);
  const isFirst = day === period.startsOn && !LAST_MOMENT.search(written);
  return isFirst || day === period.endsOn ? period : null;
}

/** The day (an ordinal) that is written, null when it is none or could be two: 09/01/2026. */
function dateIn(written) {
  const valid = (year, month, day) => ordinal(Number(year), Number(month), Number(day));
  const last = groups("DAY_LAST", written);
  if (last) return valid(last.year, last.month, last.day);
  const named = groups("DAY_NAMED", written);
  if (named) return valid(named.year, monthNamed(named.name), named.day);
  const first = groups("DAY_FIRST", written);
  if (!first) return null;
  const european = valid(first.year, first.month, first.day);
  const american = valid(first.year, first.day, first.month);
  if (first.mark === "." || european === american || american === null) return european;
  return european === null && first.mark === "/" ? american : null;
}

/** A month by its name, 0 for what is none. */
function monthNamed(name) {
  const { MONTHS, MONTHS_BY_LOOK } = rules.written_periods;
  return MONTHS[name] || MONTHS_BY_LOOK[lookAlike(name)] || 0;
}

/** The period whose first and last day are written: 01.09.2026 - 30.09.2026. */
function spanIn(written) {
  const found = groups("FROM_TO", written);
  const [first, last] = found ? [dateIn(found.first), dateIn(found.last)] : [null, null];
  if (first === null || last === null) return null;
  const spans = [MONTH, QUARTER, SCHOOL_YEAR].map((granularity) => Period.containing(first, granularity));
  return spans.find((span) => span.startsOn === first && span.endsOn === last) ?? null;
}

/** The months that a title names by their names: `Report for September 2026`. */
export function periodsIn(title) {
  const { FILLERS, LONGEST_TITLE, NAMED_IN_TITLE, YEAR_IN_TITLE } = rules.written_periods;
  const written = [...title].length <= LONGEST_TITLE ? FILLERS.replaced(fold(title), " ") : "";
  const found = [NAMED_IN_TITLE, YEAR_IN_TITLE].flatMap((form) => Array.from(form.findAll(written), ([text]) => text));
  return found.map(namedMonthIn).filter(Boolean);
}

function namedMonthIn(written) {
  for (const form of ["NAMED", "NAMED_LAST"]) {
    const found = groups(form, written);
    if (!found) continue;
    const month = monthNamed(found.name);
    const year = Number(found.year);
    if (month) return new Period(year >= 100 ? year : 2000 + year, month);
  }
  return null;
}

function quarterIn(written) {
  for (const form of ["QUARTER_LAST", "QUARTER_FIRST"]) {
    const found = groups(form, written);
    if (!found) continue;
    const said = found.quarter ?? found.number;
    const number = rules.written_periods.ROMAN[said] || Number(said);
    return new Period(Number(found.year), 3 * number - 2, QUARTER);
  }
  return null;
}

function schoolYearIn(written) {
  const found = groups("SCHOOL_YEAR", written);
  if (!found || Number(found.next) % 100 !== (Number(found.year) + 1) % 100) return null;
  return new Period(Number(found.year), rules.periods.SCHOOL_YEAR_BEGINS, SCHOOL_YEAR);
}
