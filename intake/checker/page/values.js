// Every value cell of a table: read, and checked by what its metric allows.

import { METRIC, VALUE } from "./columns.js";
import { WIDE } from "./layout.js";
import { keyColumn } from "./matching.js";
import { AMBIGUOUS, BLANK, NOT_A_NUMBER, NUMBER, PERCENT, ROUNDED, readQuantities } from "./quantities.js";
import { askedMetrics } from "./rulebook.js";
import { NO_PLACE } from "./schools.js";

const UNREADABLE = [
  [NOT_A_NUMBER, "not_a_number"],
  [AMBIGUOUS, "ambiguous_number"],
  [ROUNDED, "rounded_number"],
];

/** The metrics asked for, and the value columns, each cell read and checked alone. Findings say what is wrong. */
export function readValues(table, rows, book, vocabulary, findings) {
  const metrics = askedMetrics(book);
  const placeOfId = new Map(metrics.map((metric, place) => [metric.id, place]));
  const columns = [];
  if (table.layout.kind === WIDE) {
    const names = new Map(table.layout.columns.map((column) => [column.position, column.name]));
    for (const [position, id] of table.layout.metrics) {
      const metric = new Int16Array(rows.grid.count).fill(placeOfId.get(id));
      columns.push(readColumn(names.get(position), position, metric, table));
    }
  } else {
    const { name, position } = keyColumn(table, VALUE);
    columns.push(readColumn(name, position, metricOfRows(table, rows, metrics, placeOfId, vocabulary, findings), table));
  }
  for (const column of columns) check(column, rows, metrics, findings);
  return { metrics, columns };
}

function readColumn(name, position, metric, table) {
  const texts = table.grid.columns[position];
  const read = readQuantities(texts.texts, table.decimalMark);
  const status = new Uint8Array(texts.codes.length);
  const value = new Float64Array(texts.codes.length);
  texts.codes.forEach((code, index) => {
    status[index] = read.status[code];
    value[index] = read.value[code];
  });
  return { name, position, texts, status, value, metric, wrong: new Uint8Array(status.length) };
}

/** The metric of each row of the long layout, NO_PLACE where it is unknown or not asked for. */
function metricOfRows(table, rows, metrics, placeOfId, vocabulary, findings) {
  const column = keyColumn(table, METRIC);
  const { codes, texts, blank } = column.texts;
  const named = texts.map((text) => vocabulary.metricNamed(text));
  const place = named.map((metric) => (metric ? (placeOfId.get(metric.id) ?? NO_PLACE) : NO_PLACE));
  const keys = metrics.map((metric) => metric.key).join(", ");
  const missing = rows.where((index) => blank[index]);
  findings.addRows("metric_missing", missing, column, column.texts, { metrics: keys });
  const unknown = rows.where((index) => !blank[index] && !named[codes[index]]);
  findings.addRows("unknown_metric", unknown, column, column.texts, { metrics: keys });
  const notAsked = rows.where((index) => named[codes[index]] && place[codes[index]] === NO_PLACE);
  const metric = (number) => named[codes[notAsked[number]]].key;
  findings.addRows("metric_not_requested", notAsked, column, column.texts, { metric, metrics: keys });
  return Int16Array.from(codes, (code) => place[code]);
}

/** Say which cells hold no value that their metric allows, and mark them wrong. */
function check(column, rows, metrics, findings) {
  const { status, value, metric, texts, wrong } = column;
  const said = (code, at, details) => {
    findings.addRows(code, at, column, texts, details);
    for (const index of at) wrong[index] = 1;
  };
  const of = (index) => metrics[metric[index]];
  const add = (code, at, details = {}) => {
    const found = { metric: (number) => of(at[number]).key };
    for (const [name, field] of Object.entries(details)) found[name] = (number) => field(of(at[number]));
    said(code, at, found);
  };
  const where = (holds) => rows.where((index) => metric[index] !== NO_PLACE && holds(index));
  for (const [kind, code] of UNREADABLE) said(code, rows.where((index) => status[index] === kind), {});
  if (status.includes(PERCENT)) {
    status.forEach((kind, index) => {
      if (kind === PERCENT && of(index)?.is_percentage) status[index] = NUMBER;
    });
    add("percent_sign", where((index) => status[index] === PERCENT), { unit: (one) => one.unit });
    status.forEach((kind, index) => kind === PERCENT && (wrong[index] = 1));
  }
  const lower = (index) => of(index).lower ?? -Infinity;
  const isNegative = (index) => value[index] < 0 && lower(index) >= 0;
  const numbers = (holds) => where((index) => status[index] === NUMBER && holds(index));
  add("negative_value", numbers(isNegative));
  const isInexact = (index) => !isNegative(index) && !isExact(value[index], of(index).decimals);
  add("fractional_count", numbers((index) => of(index).decimals === 0 && isInexact(index)));
  add("too_many_decimals", numbers((index) => of(index).decimals > 0 && isInexact(index)), {
    decimals: (one) => one.decimals,
  });
  add("below_minimum", numbers((index) => !isNegative(index) && value[index] < lower(index)), {
    limit: (one) => one.lower,
  });
  add("above_maximum", numbers((index) => value[index] > (of(index).upper ?? Infinity)), { limit: (one) => one.upper });
}

function isExact(value, decimals) {
  const factor = 10 ** decimals;
  return roundedToEven(value * factor) / factor === value;
}

function roundedToEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** How many value cells of the accepted rows are blank. */
export function blankCells(columns, accepted) {
  let count = 0;
  for (const { status } of columns) status.forEach((kind, index) => (count += accepted[index] && kind === BLANK ? 1 : 0));
  return count;
}
