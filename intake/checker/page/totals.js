// Rows below or between the data that hold sums: they are left out, because sums are made from the schools.

import { SCHOOL_NAME } from "./columns.js";
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

/** Take the rows that hold totals out of the live ones, after saying so. */
export function leaveOutTotals(table, rows, matches, findings) {
  const school = schoolTexts(table);
  const known = knownSchools(table, matches);
  const byName = school.texts.mask(matches.map(({ how }) => how === BY_NAME));
  const candidates = rows.where((index) => !known[index]);
  const named = rows.where((index) => byName[index]);
  if (!candidates.length && !named.length) return;
  const says = (column) => column.texts.mask(column.texts.texts.map(saysTotal));
  const inSchool = says(school);
  const totals = new Set([...candidates, ...named].filter((index) => inSchool[index]));
  const unsaid = candidates.filter((index) => school.texts.blank[index]);
  for (const column of labelColumns(table, school)) {
    const inLabel = says(column);
    for (const index of unsaid) if (inLabel[index]) totals.add(index);
  }
  const name = keyColumn(table, SCHOOL_NAME);
  const unnamed = unsaid.filter((index) => !totals.has(index) && (!name || name.texts.blank[index]));
  if (unnamed.length) for (const index of holdSums(table, rows, known, unnamed)) totals.add(index);
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

/** Which of the unnamed rows hold, in every metric they have, the sum of the data rows above (wide only). */
function holdSums(table, rows, known, unnamed) {
  if (!table.layout.metrics.size) return [];
  const allEqual = new Map(unnamed.map((index) => [index, true]));
  const anyValue = new Set();
  for (const position of table.layout.metrics.keys()) {
    const { texts, codes, blank } = table.grid.columns[position];
    const read = readQuantities(texts, table.decimalMark);
    let above = 0;
    codes.forEach((code, index) => {
      const isNumber = read.status[code] === NUMBER;
      if (rows.live[index] && known[index] && isNumber) above += read.value[code];
      if (!allEqual.has(index)) return;
      const isSum = isNumber && Math.abs(read.value[code] - above) <= 1e-6;
      if (!blank[index] && !isSum) allEqual.set(index, false);
      if (isNumber && read.value[code] !== 0) anyValue.add(index);
    });
  }
  return unnamed.filter((index) => allEqual.get(index) && anyValue.has(index));
}
