// Which of a workbook's number formats show dates, and what dates its numbers are.

const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47]);
const BUILT_IN_DURATIONS = new Set([46]);
const DAY = 86400000;
const EPOCH = Date.UTC(1899, 11, 30);
const FROM_1904 = 1462;
// Beyond these the server cannot say what a number shown as a date is: days, days, years.
const LONGEST = 999999999;
const EARLIEST = -1e11;
const YEARS = 262143;

export class DateUnreadable extends Error {}

export const OTHER = 0;
export const DATE = 1;
export const DURATION = 2;

export function builtInFormat(id) {
  const number = Number(id);
  return BUILT_IN_DATES.has(number) ? DATE : BUILT_IN_DURATIONS.has(number) ? DURATION : OTHER;
}

/** Whether a format's code shows a date or a length of time: by its first part, without what is quoted in it. */
export function formatOfCode(code) {
  let [isEscaped, isQuoted, brackets, hasUnit, mayBeNoon] = [false, false, 0, false, false];
  let before = " ";
  for (const sign of code) {
    const low = sign.toLowerCase();
    const isBare = brackets === 0;
    if (isEscaped) isEscaped = false;
    else if (isQuoted) isQuoted = sign !== '"';
    else if ("_\\*".includes(sign)) isEscaped = true;
    else if (sign === '"') isQuoted = true;
    else if (sign === ";") return OTHER;
    else if (sign === "[") brackets++;
    else if (sign === "]" && brackets === 1 && hasUnit) return DURATION;
    else if (sign === "]") brackets = Math.max(0, brackets - 1);
    else if (low === "a" && isBare && !mayBeNoon) mayBeNoon = true;
    else if ("pm/".includes(low) && isBare && mayBeNoon) return DATE;
    else if ("dmhys".includes(low) && isBare && !mayBeNoon) return DATE;
    else if (!(hasUnit && low === before.toLowerCase())) hasUnit = before === "[" && "mhs".includes(low);
    before = sign;
  }
  return OTHER;
}

/** What stands in a cell of a date: the day alone, or with the time of day, or the time alone. */
export function dateText(value, format, counts1904, otherwise) {
  if (Math.abs(value) > (format === DURATION ? LONGEST : Infinity) || value < EARLIEST) throw new DateUnreadable();
  if (format === DURATION) return durationText(value);
  const counted = counts1904 ? value + FROM_1904 : value;
  // A day that never was, 1900-02-29, stands before the first of March.
  const moment = EPOCH + roundedAway((counted >= 60 ? counted : counted + 1) * DAY);
  const year = new Date(moment).getUTCFullYear();
  if (!(Math.abs(year) < YEARS) || (value >= 1 && year > 9999)) return otherwise;
  const time = timeText(moment);
  if (value < 1) return time;
  const day = new Date(moment).toISOString().slice(0, 10);
  return value === Math.trunc(value) || time === "00:00:00" ? day : `${day} ${time}`;
}

function roundedAway(value) {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

function timeText(moment) {
  const text = new Date(moment - Math.floor(moment / DAY) * DAY).toISOString().slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : `${text}000`;
}

function durationText(value) {
  const length = roundedAway(value * DAY);
  const days = Math.floor(length / DAY);
  const time = timeText(length).replace(/^0/, "");
  if (!days) return time;
  return `${days} day${Math.abs(days) === 1 ? "" : "s"}, ${time}`;
}
