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
  for (const reader of [monthIn, dayIn, namedMonthIn, quarterIn, schoolYearIn]) {
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
  const last = groups("DAY_LAST", written);
  if (last) return monthOfDay(last.year, last.month, last.day);
  const first = groups("DAY_FIRST", written);
  if (!first) return null;
  const period = monthOfDay(first.year, first.month, first.day);
  if (first.mark === ".") return period;
  // 09/01/2026 is a September to some and a January to others.
  const american = monthOfDay(first.year, first.day, first.month);
  const bothAreDates = ordinal(Number(first.year), Number(first.day), Number(first.month)) !== null;
  return period?.key === american?.key || !bothAreDates ? period : null;
}

function monthOfDay(year, month, day) {
  const named = ordinal(Number(year), Number(month), Number(day));
  if (named === null) return null;
  const period = Period.containing(named, MONTH);
  return named === period.startsOn || named === period.endsOn ? period : null;
}

function namedMonthIn(written) {
  const { MONTHS, MONTHS_BY_LOOK } = rules.written_periods;
  for (const form of ["NAMED", "NAMED_LAST"]) {
    const found = groups(form, written);
    if (!found) continue;
    const month = MONTHS[found.name] || MONTHS_BY_LOOK[lookAlike(found.name)];
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
