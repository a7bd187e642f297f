// From a header to a layout: which column is the school, the period, a metric; wide or long; what is left unread.

import { plainName } from "./column_names.js";
import { METRIC, OURS, SCHOOL_CODE, SCHOOL_NAME, VALUE } from "./columns.js";
import { fold } from "./folding.js";
import { columnLetters } from "./grid.js";
import { rules } from "./rules.js";
import { isDigit, quoted, split } from "./text.js";
import { readPeriod } from "./written_periods.js";

export const WIDE = "wide";
export const LONG = "long";
export const USER_EXPORT = "user_export";
const CLARITY = { mapping: 0, exact: 1, alias: 2 };

/** Whether these are the column names of a vendor's export of users. */
export function isUserExport(cells) {
  const { TELLING, ENOUGH } = rules.user_export_columns;
  const names = new Set(cells.map(fold));
  return TELLING.filter((name) => names.has(name)).length >= ENOUGH;
}

/** A column's name as it stands, or its letter in brackets where it has none. */
export function columnName(header, position) {
  return split(header[position]).join(" ") || `(${columnLetters(position)})`;
}

/** Return what the columns mean: {kind, roles, metrics, columns, ignored, readable}. */
export function layOut(header, vocabulary, findings, forced) {
  const layout = { kind: null, roles: new Map(), metrics: new Map(), columns: [], ignored: [], readable: true };
  const meanings = header.map((name, position) => vocabulary.meaningAt(position, name));
  layout.roles = rolesOf(header, meanings, findings, layout);
  layout.metrics = metricColumns(header, meanings, vocabulary, findings);
  chooseKind(layout, vocabulary, findings, forced, header, meanings);
  if (!layout.roles.has(SCHOOL_CODE) && !layout.roles.has(SCHOOL_NAME)) {
    findings.add("no_school_column");
    layout.readable = false;
  }
  nameColumns(header, meanings, vocabulary, layout);
  for (const position of layout.ignored) {
    if (!["mapping", OURS.how].includes(meanings[position]?.how)) {
      findings.add("ignored_column", { column: columnName(header, position) });
    }
  }
  return layout;
}

function rolesOf(header, meanings, findings, layout) {
  const candidates = new Map();
  meanings.forEach((meaning, position) => {
    if (!meaning?.role) return;
    if (!candidates.has(meaning.role)) candidates.set(meaning.role, []);
    candidates.get(meaning.role).push([clarity(meaning), position]);
  });
  const roles = new Map();
  for (const [role, ranked] of candidates) {
    const best = Math.min(...ranked.map(([clear]) => clear));
    const clearest = ranked.filter(([clear]) => clear === best).map(([, position]) => position);
    roles.set(role, clearest[0]);
    if (clearest.length > 1) {
      findings.add("duplicate_column", several(header, clearest, role));
      layout.readable = false;
    }
  }
  // A column "school" beside one of codes holds names.
  const codes = [...(candidates.get(SCHOOL_CODE) ?? [])].sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  for (const [, position] of codes) {
    const holdsNames = position !== roles.get(SCHOOL_CODE) && rules.columns.SCHOOL_WORDS.includes(plainName(header[position]));
    if (holdsNames && !roles.has(SCHOOL_NAME)) roles.set(SCHOOL_NAME, position);
  }
  return roles;
}

function clarity({ how, weak }) {
  return how === "alias" && weak ? 3 : CLARITY[how];
}

function several(header, positions, meaning) {
  const columns = positions.map((position) => `“${quoted(columnName(header, position))}”`);
  return { columns, meaning, column: columnName(header, positions.at(-1)) };
}

const isAsked = (meaning, vocabulary) =>
  Boolean(meaning && meaning.metric !== null && vocabulary.metrics.get(meaning.metric).asked);

function metricColumns(header, meanings, vocabulary, findings) {
  const found = new Map();
  meanings.forEach((meaning, position) => {
    if (!isAsked(meaning, vocabulary)) return;
    if (!found.has(meaning.metric)) found.set(meaning.metric, []);
    found.get(meaning.metric).push(position);
  });
  const single = new Map();
  for (const [metric, positions] of found) {
    if (positions.length > 1) {
      findings.add("duplicate_column", several(header, positions, vocabulary.metrics.get(metric).key));
    } else single.set(positions[0], metric);
  }
  return single;
}

function chooseKind(layout, vocabulary, findings, forced, header, meanings) {
  const [metric, value] = [layout.roles.get(METRIC), layout.roles.get(VALUE)];
  let canBeLong = metric !== undefined && value !== undefined;
  const hasMetrics = meanings.some((meaning) => isAsked(meaning, vocabulary));
  if (!forced && canBeLong && hasMetrics) {
    if (meanings[value].weak) canBeLong = false;
    else {
      findings.add("layout_unclear");
      layout.readable = false;
    }
  }
  if (canBeLong && (forced === LONG || !hasMetrics)) {
    layout.kind = LONG;
    layout.metrics = new Map();
  } else if (hasMetrics && forced !== LONG) layout.kind = WIDE;
  else {
    const periods = header.filter((name) => [...name].some(isDigit) && readPeriod(name));
    const metrics = [...vocabulary.metrics.values()].filter((asked) => asked.asked).map((asked) => asked.key);
    if (periods.length) {
      findings.add("periods_as_columns", { columns: periods.slice(0, rules.layout.PERIODS_NAMED).map(quoted) });
    } else findings.add("no_metric_columns", { metrics });
    layout.readable = false;
  }
  if (layout.kind !== LONG) {
    layout.roles.delete(METRIC);
    layout.roles.delete(VALUE);
  }
}

function nameColumns(header, meanings, vocabulary, layout) {
  const roleOf = new Map([...layout.roles].map(([role, position]) => [position, role]));
  header.forEach((_name, position) => {
    const meaning = meanings[position];
    const isMetric = layout.kind === WIDE && isAsked(meaning, vocabulary);
    if (!roleOf.has(position) && !isMetric) {
      layout.ignored.push(position);
      return;
    }
    layout.columns.push({
      name: columnName(header, position),
      position,
      metric: isMetric ? vocabulary.metrics.get(meaning.metric).key : null,
      role: roleOf.get(position) ?? null,
      how: meaning.how,
    });
  });
}
