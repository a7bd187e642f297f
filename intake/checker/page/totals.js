// Rows below or between the data that hold sums: they are left out, because sums are made from the schools.

import { PERIOD, SCHOOL_NAME } from "./columns.js";
import { fold } from "./folding.js";
import { keyColumn, knownSchools, schoolTexts } from "./matching.js";
import { NUMBER, readQuantities } from "./quantities.js";
import { rules } from "./rules.js";
import { BY_NAME } from "./schools.js";
import { split } from "./text.js";

/** Whether a text in a school's place says that its row is a sum. */
function saysTotal(text) {
  const { SUM_WORDS, SUM_PHRASES, SUM_WORDS_ALONE, FOLLOWING } = rules.totals;
  const words = split(fold(text).replace(/[:.,]/g, " "));
  if (!words.length) return false;
  if (SUM_WORDS.includes(words[0]) || SUM_PHRASES.includes(words.slice(0, 2).join(" "))) return true;
  return SUM_WORDS_ALONE.includes(words[0]) && (words.length === 1 || FOLLOWING.includes(words[1]));
}

/** Whether a text ends with a word for a sum, as the subtotals of a spreadsheet do: `Almaty Total`. */
function endsAsTotal(text) {
  const { SUM_WORDS, SUM_WORDS_ALONE } = rules.totals;
  const words = split(fold(text).replace(/[ .:]+$/, ""));
  return words.length > 1 && (SUM_WORDS.includes(words.at(-1)) || SUM_WORDS_ALONE.includes(words.at(-1)));
}

/** Take the rows that hold totals out of the live ones, after saying so. */
export function leaveOutTotals(table, rows, matches, metrics, findings) {
  const school = schoolTexts(table);
  const known = knownSchools(table, matches);
  const byName = school.texts.mask(matches.map(({ how }) => how === BY_NAME));
  const candidates = rows.where((index) => !known[index]);
  const named = rows.where((index) => byName[index]);
  if (!candidates.length && !named.length) return;
  const mask = (column, says) => column.texts.mask(column.texts.texts.map(says));
  const inSchool = mask(school, saysTotal);
  const endsSo = mask(school, endsAsTotal);
  const totals = new Set([...candidates, ...named].filter((index) => inSchool[index]));
  for (const column of labelColumns(table, school)) {
    const [says, ends] = [mask(column, saysTotal), mask(column, endsAsTotal)];
    for (const index of candidates) {
      if (!school.texts.blank[index]) continue;
      if (says[index]) totals.add(index);
      if (ends[index]) endsSo[index] = 1;
    }
  }
  // What says so less clearly, or not at all, must hold sums.
  const name = keyColumn(table, SCHOOL_NAME);
  const isNameless = (index) => school.texts.blank[index] && (!name || name.texts.blank[index]);
  const unclear = candidates.filter((index) => !totals.has(index) && (endsSo[index] || isNameless(index)));
  if (unclear.length) {
    const summing = new Set([...totals, ...unclear]);
    const isStatement = statements(table, metrics);
    for (const index of holdSums(table, rows, known, summing, unclear, metrics)) {
      if (endsSo[index] || !isStatement(index)) totals.add(index);
    }
  }
  const at = [...totals].sort((one, other) => one - other);
  findings.addRows("totals_row", at, school, school.texts);
  for (const index of at) rows.live[index] = 0;
}

/** The other columns in which a row may call itself a sum: the school's name, and what is not read. */
function labelColumns(table, school) {
  const name = keyColumn(table, SCHOOL_NAME);
  const unread = table.layout.ignored.map((position) => ({ position, texts: table.grid.columns[position] }));
  return name && name.position !== school.position ? [name, ...unread] : unread;
}

/** Whether a row without a school can be a statement that forgot its school: with a period, and one sum at most. */
function statements(table, metrics) {
  const period = keyColumn(table, PERIOD);
  const added = addedColumns(table, metrics);
  return (index) =>
    period !== null && !period.texts.blank[index] && added.filter((column) => !column.blank[index]).length <= 1;
}

/** The columns of metrics that people add: nobody adds means. */
function addedColumns(table, metrics) {
  const added = [...table.layout.metrics].filter(([, id]) => !metrics.get(id).is_score);
  return added.map(([position]) => table.grid.columns[position]);
}

/**
 * Which of the unclear rows hold sums in every metric they have (wide only): of all data, of that above, or of a group.
 * `summing`: rows that end a group, or may. A sum is of two rows at least.
 */
function holdSums(table, rows, known, summing, unclear, metrics) {
  const columns = addedColumns(table, metrics);
  const isData = (index) => rows.live[index] && known[index];
  const places = sumsAt(rows.grid.count, summing, unclear, (index) => (isData(index) ? 1 : 0));
  const equal = new Map([...places].map(([at, sums]) => [at, sums.map((sum) => sum >= rules.totals.LEAST_SUMMED)]));
  const anyValue = new Set();
  for (const { texts, codes, blank } of columns) {
    const read = readQuantities(texts, table.decimalMark);
    const value = (index) => (Number.isNaN(read.value[codes[index]]) ? 0 : read.value[codes[index]]);
    const found = sumsAt(rows.grid.count, summing, unclear, (index) => (isData(index) ? value(index) : 0));
    for (const [at, sums] of found) {
      const isNumber = read.status[codes[at]] === NUMBER;
      if (isNumber && value(at) !== 0) anyValue.add(at);
      if (blank[at]) continue;
      const fits = (sum) => isNumber && Math.abs(value(at) - sum) <= 1e-6;
      equal.set(at, equal.get(at).map((is, kind) => is && fits(sums[kind])));
    }
  }
  return unclear.filter((at) => equal.get(at).includes(true) && anyValue.has(at));
}

/** Of each unclear row: the sum of what is above, of everything, and of what is above since the last sum. */
function sumsAt(count, summing, unclear, value) {
  const found = new Map();
  const wanted = new Set(unclear);
  let [above, begin] = [0, 0];
  for (let index = 0; index < count; index++) {
    above += value(index);
    if (wanted.has(index)) found.set(index, [above, 0, above - begin]);
    if (summing.has(index)) begin = above;
  }
  for (const sums of found.values()) sums[1] = above;
  return found;
}
