// Which of a workbook's number formats show dates, and what dates its numbers are.

const BUILT_IN_DATES = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 47]);
const BUILT_IN_DURATIONS = new Set([46]);
const DAY = 86400000;
const EPOCH = Date.UTC(1899, 11, 30);
const FROM_1904 = 1462;

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
  if (format === DURATION) return durationText(value);
  const moment = momentOf(value, counts1904);
  if (moment === null) return otherwise;
  const [day, time] = [moment.toISOString().slice(0, 10), timeText(moment)];
  if (value < 1) return time;
  return value === Math.trunc(value) || time === "00:00:00" ? day : `${day} ${time}`;
}

function momentOf(value, counts1904) {
  const counted = counts1904 ? value + FROM_1904 : value;
  // A day that never was, 1900-02-29, stands before the first of March.
  const days = counted >= 60 ? counted : counted + 1;
  const moment = new Date(EPOCH + roundedAway(days * DAY));
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999 ? moment : null;
}

function roundedAway(value) {
  return value < 0 ? -Math.round(-value) : Math.round(value);
}

function timeText(moment) {
  const text = moment.toISOString().slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : `${text}000`;
}

function durationText(value) {
  const length = roundedAway(value * DAY);
  const days = Math.floor(length / DAY);
  const rest = new Date(length - days * DAY);
  const time = `${rest.getUTCHours()}${timeText(rest).slice(2)}`;
  if (!days) return time;
  return `${days} day${Math.abs(days) === 1 ? "" : "s"}, ${time}`;
}
