// What the rows state, cell by cell, and whether they agree: duplicates, rules between metrics, scores and counts.

import { NOT_APPLICABLE, NUMBER } from "./quantities.js";
import { rules } from "./rules.js";
import { NO_PLACE } from "./schools.js";

const REPORTED = 0;
const NOTHING_APPLIES = 1;
const WHOLE_ROW = { name: "", position: 0 };

/** The readable statements of a file, in its order, as parallel arrays; `first`: the first one about the same cell. */
export function gather(rows, columns, metrics) {
  const found = [];
  const isUsable = (index) => rows.school[index] !== NO_PLACE && rows.period[index] !== NO_PLACE;
  for (const index of rows.where(isUsable)) {
    columns.forEach((column, number) => {
      const kind = column.status[index];
      const says = kind === NUMBER || kind === NOT_APPLICABLE;
      if (says && !column.wrong[index] && column.metric[index] !== NO_PLACE) found.push(index, number);
    });
  }
  const count = found.length / 2;
  const stated = {
    count,
    row: new Int32Array(count), column: new Int16Array(count), metric: new Int16Array(count),
    state: new Uint8Array(count), value: new Float64Array(count), key: new Float64Array(count),
    first: new Int32Array(count), disputed: new Uint8Array(count),
    schools: Math.max(rows.register.size, 1),
    firstOfKey: new Map(),
  };
  for (let at = 0; at < count; at++) fill(stated, at, found[2 * at], found[2 * at + 1], rows, columns, metrics);
  return stated;
}

function fill(stated, at, row, number, rows, columns, metrics) {
  const column = columns[number];
  const isNumber = column.status[row] === NUMBER;
  stated.row[at] = row;
  stated.column[at] = number;
  stated.metric[at] = column.metric[row];
  stated.state[at] = isNumber ? REPORTED : NOTHING_APPLIES;
  stated.value[at] = isNumber ? column.value[row] : NaN;
  const key = (rows.period[row] * metrics.length + column.metric[row]) * stated.schools + rows.school[row];
  stated.key[at] = key;
  const first = stated.firstOfKey.get(key);
  if (first === undefined) stated.firstOfKey.set(key, at);
  stated.first[at] = first ?? at;
}

/** Report cells that are stated more than once. Returns the rows (a mask) that only repeat others, to be left out. */
export function reportDuplicates(stated, rows, columns, metrics, findings) {
  const leftOut = new Uint8Array(rows.grid.count);
  const { first, row } = stated;
  const contradicted = new Set();
  let repeats = false;
  for (let at = 0; at < stated.count; at++) {
    if (first[at] === at) continue;
    repeats = true;
    if (!saysTheSame(stated, at, first[at])) contradicted.add(first[at]);
  }
  if (!repeats) return leftOut;
  for (let at = 0; at < stated.count; at++) stated.disputed[at] = contradicted.has(first[at]) ? 1 : 0;
  reportContradictions(stated, rows, columns, metrics, findings);
  const isIdentical = (at) => first[at] !== at && !stated.disputed[at];
  const count = new Int32Array(rows.grid.count);
  const repeated = new Int32Array(rows.grid.count);
  for (let at = 0; at < stated.count; at++) {
    count[row[at]]++;
    if (isIdentical(at)) repeated[row[at]]++;
  }
  count.forEach((of, index) => (leftOut[index] = of > 0 && of === repeated[index] ? 1 : 0));
  const places = (holds) => Array.from(first.keys()).filter((at) => isIdentical(at) && holds(at));
  const firstRow = (at) => (number) => rows.grid.row(row[first[at[number]]]);
  const leading = places((at) => leftOut[row[at]] && (at === 0 || row[at - 1] !== row[at]));
  findings.addRows("identical_duplicate", leading.map((at) => row[at]), WHOLE_ROW, "", { first: firstRow(leading) });
  columns.forEach((column, number) => {
    const partly = places((at) => !leftOut[row[at]] && stated.column[at] === number);
    const at = partly.map((place) => row[place]);
    findings.addRows("identical_duplicate", at, column, column.texts, { first: firstRow(partly) });
  });
  return leftOut;
}

function saysTheSame(stated, one, other) {
  if (stated.state[one] !== stated.state[other]) return false;
  return stated.state[one] === NOTHING_APPLIES || stated.value[one] === stated.value[other];
}

function reportContradictions(stated, rows, columns, metrics, findings) {
  const members = new Map();
  const places = Array.from(stated.first.keys()).filter((at) => stated.disputed[at]);
  for (const at of places) {
    if (!members.has(stated.first[at])) members.set(stated.first[at], []);
    members.get(stated.first[at]).push(at);
  }
  const { OTHERS_NAMED } = rules.statements;
  const others = (at) => {
    const group = members.get(stated.first[at]).slice(0, OTHERS_NAMED + 1);
    return group.filter((other) => other !== at).slice(0, OTHERS_NAMED).map((other) => rows.grid.row(stated.row[other]));
  };
  columns.forEach((column, number) => {
    const here = places.filter((at) => stated.column[at] === number);
    const at = here.map((place) => stated.row[place]);
    findings.addRows("contradictory_duplicate", at, column, column.texts, {
      row: (found) => rows.grid.row(at[found]),
      others: (found) => others(here[found]),
      metric: (found) => metrics[stated.metric[here[found]]].key,
      school: (found) => rows.register.codes[rows.school[at[found]]],
      period: (found) => rows.periods[rows.period[at[found]]].key,
    });
  });
}

/** The places where a metric's value is stated for the first time in each cell, undisputed, in the file's order. */
function statedFirst(stated, metric) {
  const found = [];
  for (let at = 0; at < stated.count; at++) {
    const isReported = stated.metric[at] === metric && stated.state[at] === REPORTED;
    if (isReported && stated.first[at] === at && !stated.disputed[at]) found.push(at);
  }
  return found;
}

function placeOfId(metrics, id) {
  return metrics.findIndex((metric) => metric.id === id);
}

function partner(stated, at, metric, other) {
  return stated.firstOfKey.get(stated.key[at] + (other - metric) * stated.schools);
}

/** Report where one school and period of the file states a lesser metric above the greater one. */
export function reportBrokenRules(stated, ruled, rows, columns, metrics, findings) {
  for (const [lesserId, greaterId] of ruled) {
    const [lesser, greater] = [placeOfId(metrics, lesserId), placeOfId(metrics, greaterId)];
    if (lesser < 0 || greater < 0) continue;
    const pairs = [];
    for (const low of statedFirst(stated, lesser)) {
      const high = partner(stated, low, lesser, greater);
      // Nothing is greater than NaN: a metric that is not applicable breaks no rule.
      if (high !== undefined && stated.value[low] > stated.value[high] && !stated.disputed[high]) pairs.push([low, high]);
    }
    const keys = [metrics[lesser].key, metrics[greater].key];
    reportRule(stated, pairs, ([low]) => low, keys, rows, columns, findings);
    const apart = pairs.filter(([low, high]) => stated.row[low] !== stated.row[high]);
    reportRule(stated, apart, ([, high]) => high, keys, rows, columns, findings);
  }
}

function reportRule(stated, pairs, concerned, [lesser, greater], rows, columns, findings) {
  columns.forEach((column, number) => {
    const here = pairs.filter((pair) => stated.column[concerned(pair)] === number);
    const at = here.map((pair) => stated.row[concerned(pair)]);
    const row = (place) => rows.grid.row(stated.row[place]);
    findings.addRows("rule_broken", at, column, column.texts, {
      lesser, greater,
      lesser_value: (found) => stated.value[here[found][0]],
      greater_value: (found) => stated.value[here[found][1]],
      lesser_row: (found) => row(here[found][0]),
      greater_row: (found) => row(here[found][1]),
    });
  });
}

/** Report means without the number of answers they are means of. */
export function reportScoresWithoutCount(stated, rows, columns, metrics, findings) {
  metrics.forEach((metric, score) => {
    const count = metric.count_metric_id === null ? -1 : placeOfId(metrics, metric.count_metric_id);
    if (count < 0) return;
    const alone = statedFirst(stated, score).filter((at) => {
      const counted = partner(stated, at, score, count);
      return counted === undefined || stated.state[counted] !== REPORTED;
    });
    columns.forEach((column, number) => {
      const at = alone.filter((place) => stated.column[place] === number).map((place) => stated.row[place]);
      const details = { metric: metric.key, count_metric: metrics[count].key };
      findings.addRows("score_without_count", at, column, column.texts, details);
    });
  });
}

/** The statements of the accepted rows, each cell once: {school, metric, period, value}; the value null for n/a. */
export function acceptedCells(stated, accepted, rows, metrics) {
  const places = new Map();
  for (let at = 0; at < stated.count; at++) {
    if (accepted[stated.row[at]] && !places.has(stated.key[at])) places.set(stated.key[at], at);
  }
  return { places: [...places.values()], stated, rows, metrics };
}
