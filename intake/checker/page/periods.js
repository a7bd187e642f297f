// A reporting period: a calendar month, a calendar quarter or a school year. Days are ordinals, as Python counts them.

import { rules } from "./rules.js";

export const MONTH = "month";
export const QUARTER = "quarter";
export const SCHOOL_YEAR = "school_year";
const MONTHS_IN = { [MONTH]: 1, [QUARTER]: 3, [SCHOOL_YEAR]: 12 };
const EPOCH = 719163; // 1970-01-01
const DAY = 86400000;

/** The ordinal of a day, null where there is no such day. */
export function ordinal(year, month, day) {
  const moment = new Date(Date.UTC(year, month - 1, day));
  const exists = moment.getUTCFullYear() === year && moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return exists ? moment.getTime() / DAY + EPOCH : null;
}

function dayOf(ordinalDay) {
  const moment = new Date((ordinalDay - EPOCH) * DAY);
  return { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1 };
}

/** A period by its first month and its length. */
export class Period {
  constructor(year, month, granularity = MONTH) {
    Object.assign(this, { year, month, granularity });
  }

  static parse(key) {
    const month = /^(\d{4})-(\d{2})$/.exec(key);
    if (month) return new Period(Number(month[1]), Number(month[2]));
    const quarter = /^(\d{4})-Q([1-4])$/.exec(key);
    if (quarter) return new Period(Number(quarter[1]), 3 * Number(quarter[2]) - 2, QUARTER);
    return new Period(Number(key.slice(0, 4)), rules.periods.SCHOOL_YEAR_BEGINS, SCHOOL_YEAR);
  }

  static containing(day, granularity) {
    const { year, month } = dayOf(day);
    if (granularity === SCHOOL_YEAR) {
      const begins = rules.periods.SCHOOL_YEAR_BEGINS;
      return new Period(month >= begins ? year : year - 1, begins, granularity);
    }
    const months = MONTHS_IN[granularity];
    return new Period(year, Math.floor((month - 1) / months) * months + 1, granularity);
  }

  get key() {
    const year = String(this.year).padStart(4, "0");
    if (this.granularity === QUARTER) return `${year}-Q${Math.floor((this.month + 2) / 3)}`;
    if (this.granularity === SCHOOL_YEAR) return `${year}/${String((this.year + 1) % 100).padStart(2, "0")}`;
    return `${year}-${String(this.month).padStart(2, "0")}`;
  }

  get startsOn() {
    return ordinal(this.year, this.month, 1);
  }

  get endsOn() {
    return this.shifted(1).startsOn - 1;
  }

  shifted(count) {
    const months = this.year * 12 + this.month - 1 + count * MONTHS_IN[this.granularity];
    return new Period(Math.floor(months / 12), (months % 12) + 1, this.granularity);
  }
}

/** Today in a time zone, by this computer's clock. */
export function today(timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone, year: "numeric", month: "numeric", day: "numeric",
  }).formatToParts(new Date());
  const part = (type) => Number(parts.find((entry) => entry.type === type).value);
  return ordinal(part("year"), part("month"), part("day"));
}
