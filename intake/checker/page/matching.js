// Which school and which period each row is about.

import { PERIOD, SCHOOL_CODE, SCHOOL_NAME } from "./columns.js";
import { foldSchoolName } from "./folding.js";
import { rules } from "./rules.js";
import { AMBIGUOUS, BLANK, BY_NAME, CHOSEN, NO_PLACE, REPAIRED, SchoolMatcher, UNKNOWN } from "./schools.js";
import { isBlank } from "./text.js";
import { readPeriod } from "./written_periods.js";

/** The rows of a table while they are checked, as arrays over the grid's rows. */
export class Rows {
  constructor(grid, register) {
    this.grid = grid;
    this.register = register;
    this.live = grid.blank.map((blank) => (blank ? 0 : 1));
    for (const index of grid.broken) this.live[index] = 0;
    this.school = new Int32Array(grid.count).fill(NO_PLACE);
    this.period = new Int32Array(grid.count).fill(NO_PLACE);
    this.periods = [];
    this.rejected = new Uint8Array(grid.count);
  }

  /** The positions of the live rows for which something holds. */
  where(holds) {
    const found = [];
    for (let index = 0; index < this.live.length; index++) if (this.live[index] && holds(index)) found.push(index);
    return found;
  }
}

/** The column of a role: {name, position, texts}; null when the file has none. */
export function keyColumn(table, role) {
  const position = table.layout.roles.get(role);
  if (position === undefined) return null;
  const { name } = table.layout.columns.find((column) => column.position === position);
  return { name, position, texts: table.grid.columns[position] };
}

/** The column that says the school: of codes, else of names. */
export function schoolTexts(table) {
  return keyColumn(table, SCHOOL_CODE) ?? keyColumn(table, SCHOOL_NAME);
}

/** What each distinct text of the school column means, and who matched it. */
export function matchSchools(book, table, said) {
  const chosen = new Map(book.schoolChoices);
  for (const [text, place] of said) chosen.set(text, place);
  const matcher = new SchoolMatcher(book.register, chosen);
  const hasCodes = table.layout.roles.has(SCHOOL_CODE);
  const { texts } = schoolTexts(table).texts;
  return { matcher, matches: texts.map((text) => (hasCodes ? matcher.match(text) : matcher.matchName(text))) };
}

/** The rows (a mask) whose school is known, or could be one of several. */
export function knownSchools(table, matches) {
  return schoolTexts(table).texts.mask(matches.map(({ place, how }) => place !== NO_PLACE || how === AMBIGUOUS));
}

/** Fill in the school of each row; say what was repaired, chosen, not found, or is named otherwise. */
export function reportSchools(table, rows, matcher, matches, findings) {
  const column = schoolTexts(table);
  const { codes } = column.texts;
  codes.forEach((code, index) => (rows.school[index] = matches[code].place));
  const { register } = rows;
  const add = (how, code, details) => {
    const at = rows.where((index) => matches[codes[index]].how === how);
    findings.addRows(code, at, column, column.texts, details(at));
    return at;
  };
  const school = (at) => (number) => register.codes[rows.school[at[number]]];
  const name = (at) => (number) => register.names[rows.school[at[number]]];
  const missing = rows.where((index) => matches[codes[index]].how === BLANK);
  findings.addRows("school_missing", missing, column, "");
  add(REPAIRED, "school_code_repaired", (at) => ({ school: school(at), name: name(at) }));
  add(CHOSEN, "school_choice_applied", (at) => ({ school: school(at), name: name(at) }));
  add(BY_NAME, "school_matched_by_name", (at) => ({ school: school(at) }));
  add(AMBIGUOUS, "school_code_ambiguous", (at) => ({ schools: (number) => matches[codes[at[number]]].others }));
  add(UNKNOWN, "unknown_school", (at) => {
    const suggested = suggestions(table, matcher, column.texts, at);
    return { suggestions: (number) => suggested.get(codes[at[number]]) ?? [] };
  });
}

/** The nearest schools for each unknown text, for the first few hundred distinct ones. */
function suggestions(table, matcher, texts, unknown) {
  const names = keyColumn(table, SCHOOL_NAME);
  const suggested = new Map();
  for (const index of unknown) {
    const code = texts.codes[index];
    if (suggested.has(code)) continue;
    if (suggested.size === rules.schools.SUGGESTED_FOR) break;
    suggested.set(code, matcher.suggestions(texts.texts[code], names ? names.texts.text(index) : ""));
  }
  return suggested;
}

/** Say where the school's name is not the register's. A blank name is fine. */
export function reportNames(table, rows, findings) {
  const names = keyColumn(table, SCHOOL_NAME);
  if (!names || !table.layout.roles.has(SCHOOL_CODE)) return;
  const folded = names.texts.texts.map(foldSchoolName);
  const { register } = rows;
  const differs = rows.where((index) => {
    const place = rows.school[index];
    if (place === NO_PLACE || names.texts.blank[index]) return false;
    return folded[names.texts.codes[index]] !== register.foldedNames[place];
  });
  findings.addRows("school_name_differs", differs, names, names.texts, {
    school: (number) => register.codes[rows.school[differs[number]]],
    name: (number) => register.names[rows.school[differs[number]]],
  });
}

/** Fill in the period of each row, from the file or as chosen, and say what is wrong with it. */
export function matchPeriods(table, rows, book, chosen, findings) {
  const column = keyColumn(table, PERIOD);
  const isFilled = column ? (index) => column.texts.blank[index] : () => true;
  const read = column ? column.texts.texts.map(readPeriod) : [];
  const found = new Map();
  for (const period of [...read, chosen]) {
    if (period && period.granularity === book.granularity) found.set(period.key, period);
  }
  rows.periods = [...found.values()].sort((one, other) => one.startsOn - other.startsOn);
  const places = new Map(rows.periods.map((period, place) => [period.key, place]));
  const placeOf = (period) => (period ? (places.get(period.key) ?? NO_PLACE) : NO_PLACE);
  if (column) {
    const placeOfCode = read.map(placeOf);
    column.texts.codes.forEach((code, index) => (rows.period[index] = placeOfCode[code]));
    reportWritten(column, read, rows, book, chosen, findings);
  }
  const filled = rows.where(isFilled);
  if (chosen) {
    for (const index of filled) rows.period[index] = placeOf(chosen);
    const problem = problemOf(chosen, book, null);
    if (problem && filled.length) {
      findings.add(problem.code, { value: chosen.key, ...problem.details });
      for (const index of filled) rows.rejected[index] = 1;
    }
  } else if (!column || (filled.length && filled.length === rows.where(() => true).length)) {
    findings.add("no_period", { example: book.example });
    for (const index of rows.where(() => true)) rows.rejected[index] = 1;
  } else findings.addRows("period_missing", filled, column, "");
}

function reportWritten(column, read, rows, book, chosen, findings) {
  const problems = read.map((period, code) =>
    isBlank(column.texts.texts[code]) ? null : problemOf(period, book, chosen),
  );
  if (!problems.some(Boolean)) return;
  const at = new Map();
  for (const index of rows.where((index) => problems[column.texts.codes[index]])) {
    const code = column.texts.codes[index];
    if (!at.has(code)) at.set(code, []);
    at.get(code).push(index);
  }
  // Text by text, in the order in which they are met.
  for (const code of [...at.keys()].sort((one, other) => one - other)) {
    findings.addRows(problems[code].code, at.get(code), column, column.texts.texts[code], problems[code].details);
  }
}

/** The finding that a period deserves, with its details; null when it is fine. */
function problemOf(period, book, chosen) {
  const problem = (code, details) => ({ code, details });
  if (!period) return problem("period_unreadable", { example: book.example });
  if (period.granularity !== book.granularity) return problem("other_granularity", { example: book.example });
  if (chosen && period.key !== chosen.key) {
    return problem("period_contradicts", { period: period.key, chosen: chosen.key });
  }
  if (period.startsOn > book.today) return problem("future_period", { period: period.key });
  return book.locked.has(period.key) ? problem("locked_period", { period: period.key }) : null;
}

/** Say which rows are of schools not enrolled, or not open, on the last day of their period. */
export function reportParticipation(table, rows, findings) {
  const column = schoolTexts(table);
  const { register } = rows;
  const at = rows.periods.map(() => ({ school_closed: [], school_not_enrolled: [] }));
  const days = rows.periods.map((period) => period.endsOn);
  for (const index of rows.where((index) => rows.period[index] !== NO_PLACE && rows.school[index] !== NO_PLACE)) {
    const [place, day] = [rows.school[index], days[rows.period[index]]];
    if (!register.isOpen(place, day)) at[rows.period[index]].school_closed.push(index);
    else if (!register.takesPart(place, day)) at[rows.period[index]].school_not_enrolled.push(index);
  }
  rows.periods.forEach((period, number) => {
    for (const [code, here] of Object.entries(at[number])) {
      const school = (found) => register.codes[rows.school[here[found]]];
      findings.addRows(code, here, column, column.texts, { school, period: period.key });
    }
  });
}
