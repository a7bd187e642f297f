// What a check needs to know beside the file: the snapshot as the checks take it.

import { Period, today } from "./periods.js";
import { Register } from "./register.js";

/** Return the rules and the register of a snapshot, on a day (an ordinal; by this computer's clock when null). */
export function readBook(snapshot, day = null) {
  const now = day ?? today(snapshot.time_zone);
  return {
    country: snapshot.country,
    granularity: snapshot.granularity,
    today: now,
    example: Period.containing(now, snapshot.granularity).shifted(-1).key,
    metrics: new Map(snapshot.metrics.map((metric) => [metric.id, metric])),
    metricOfKey: new Map(snapshot.metrics.map((metric) => [metric.key, metric])),
    aliases: snapshot.aliases,
    rules: snapshot.rules,
    locked: new Set(snapshot.locked),
    columnChoices: snapshot.column_choices,
    schoolChoices: new Map(Object.entries(snapshot.school_choices)),
    register: new Register(snapshot.schools, snapshot.outside),
  };
}

/** The metrics the initiative asks for, in the order of the template. */
export function askedMetrics(book) {
  return [...book.metrics.values()]
    .filter((metric) => metric.asked)
    .sort((one, other) => one.position - other.position);
}
