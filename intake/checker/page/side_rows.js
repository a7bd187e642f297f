// Rows beside the data that hold no figure: column names again, units, headings of sections, signatures.

import { fold, tidy } from "./folding.js";
import { knownSchools, schoolTexts } from "./matching.js";
import { rules } from "./rules.js";
import { casefold, isBlank, strip } from "./text.js";

const WHOLE_ROW = { name: "", position: 0 };

/** Take the rows that are no data, and those of another table, out of the live ones, after saying so. */
export function leaveOutSideRows(table, rows, matches, vocabulary, headerRow, findings) {
  const { grid } = table;
  const known = knownSchools(table, matches);
  const unknown = rows.where((index) => !known[index]);
  if (!unknown.length) return;
  const { again, begins } = columnNames(table, unknown, vocabulary);
  for (const index of explaining(table, new Set(unknown))) again.add(index);
  const beyond = begins === null ? [] : rows.where((index) => index >= begins);
  if (begins !== null) findings.add("another_table", { row: grid.row(begins), header_row: headerRow });
  const isBefore = (index) => begins === null || index < begins;
  const headings = [...again].filter(isBefore).sort((one, other) => one - other);
  findings.addRows("heading_row", headings, WHOLE_ROW, "");
  const alone = withoutFigures(table, unknown).filter((index) => !again.has(index) && isBefore(index));
  findings.addRows("text_row", alone, WHOLE_ROW, {
    text: (index) => cellsOf(grid, index).find((cell) => !isBlank(cell)) ?? "",
  });
  for (const index of [...headings, ...alone, ...beyond]) rows.live[index] = 0;
  for (const index of beyond) rows.rejected[index] = 1;
}

function cellsOf(grid, index) {
  return grid.columns.map((column) => column.text(index));
}

/** Which rows say the column names again, and where other column names stand for the first time. */
function columnNames(table, unknown, vocabulary) {
  const { grid } = table;
  const { texts } = schoolTexts(table);
  const again = new Set();
  for (const index of unknown) {
    if (vocabulary.meaning(texts.text(index)) === null) continue;
    const cells = cellsOf(grid, index);
    const isAgain = cells.every((cell, position) => saysTheSame(cell, grid.header[position], vocabulary));
    if (isAgain && !grid.wrongCount.has(index)) again.add(index);
    else if (vocabulary.knownNames(cells) > 1) return { again, begins: index };
  }
  return { again, begins: null };
}

/** Whether a cell says what the column's name says. Below a name that is not known anything may stand. */
function saysTheSame(cell, name, vocabulary) {
  const meant = vocabulary.meaning(name);
  if (meant === null || fold(cell) === fold(name)) return true;
  const said = vocabulary.meaning(cell);
  return said !== null && said.metric === meant.metric && said.role === meant.role;
}

/** Which of the first rows number the columns, or say their units. */
function explaining(table, unknown) {
  const { grid } = table;
  const found = [];
  const first = [...grid.blank.subarray(0, rules.side_rows.EXPLAINED_WITHIN).entries()];
  for (const [index] of first.filter(([, blank]) => !blank)) {
    if (!unknown.has(index) || grid.wrongCount.has(index)) break;
    const cells = cellsOf(grid, index).map(tidy);
    if (numbersColumns(cells) || saysUnits(cells)) found.push(index);
  }
  return found;
}

/** Whether the cells count the columns: 1, 2, 3, or A, B, 1, 2 as in forms of statistics. */
function numbersColumns(cells) {
  const said = cells.map((cell) => casefold(strip(cell, "().")));
  while (said.length && !said.at(-1)) said.pop();
  return rules.side_rows.LETTERS_OF_COLUMNS.some((letters) => {
    const first = said.findIndex((cell, number) => cell !== letters.slice(number, number + 1));
    const numbers = first < 0 ? [] : said.slice(first);
    const isCounted = numbers.every((cell, number) => cell === String(number + 1));
    return numbers.length >= rules.side_rows.LEAST_NUMBERED && isCounted;
  });
}

function saysUnits(cells) {
  const said = cells.filter(Boolean).map((cell) => strip(fold(cell), "()[]., "));
  return said.length > 0 && said.every((word) => rules.side_rows.EXPLAINING.includes(word));
}

/** The rows of words alone: no value, no period, and nothing that could be a school's code. */
function withoutFigures(table, unknown) {
  const { grid, layout } = table;
  const { FIGURES, COMMENT } = rules.side_rows;
  const roles = FIGURES.filter((role) => layout.roles.has(role)).map((role) => layout.roles.get(role));
  const figures = [...layout.metrics.keys(), ...roles].map((position) => grid.columns[position]);
  const { texts } = schoolTexts(table);
  const worded = texts.texts.map((text) => isBlank(text) || rules.side_rows.CODE_LIKE.fullmatch(tidy(text)) === null);
  return unknown.filter((index) => {
    if (grid.wrongCount.has(index)) {
      const [begin] = cellsOf(grid, index);
      return grid.wrongCount.get(index) === 1 && COMMENT.some((mark) => strip(begin).startsWith(mark));
    }
    return worded[texts.codes[index]] && figures.every((column) => column.blank[index]);
  });
}
