// Check a file: read it, recognise and match its parts, and check every value, as far as no stored value is needed.

import { Vocabulary } from "./columns.js";
import { FindingList } from "./finding_list.js";
import { fold } from "./folding.js";
import { USER_EXPORT } from "./layout.js";
import { matchPeriods, matchSchools, reportNames, reportParticipation, reportSchools, Rows } from "./matching.js";
import { Period } from "./periods.js";
import { readTable } from "./reading.js";
import {
  acceptedCells, gather, reportBrokenRules, reportDuplicates, reportScoresWithoutCount,
} from "./statements.js";
import { leaveOutSideRows } from "./side_rows.js";
import { leaveOutTotals } from "./totals.js";
import { blankCells, readValues } from "./values.js";

const WHOLE_ROW = { name: "", position: 0 };

/**
 * Return what the file is and what is wrong with it: {reading, findings, rows, values, cells}.
 *
 * `options`: what a person decided of reading (period, mapping, schools, encoding, delimiter, decimal_mark,
 * header_row, sheet, layout). `progress` is told what is being done.
 */
export async function checkFile(book, content, options = {}, progress = () => {}) {
  const vocabulary = new Vocabulary(book, options.mapping ?? {});
  const findings = new FindingList();
  progress("reading");
  const { reading, table, counts } = await readTable(content, options, book, vocabulary, findings);
  let rows = { ...counts, accepted: 0, rejected: counts.read - counts.blank };
  let values = { stated: 0, blank: 0, not_applicable: 0 };
  let cells = null;
  if (table) {
    progress("checking");
    ({ rows, values, cells } = checkRows(book, vocabulary, table, options, reading.header_row, findings));
  }
  // A user export is counted on upload, where its users are matched to schools.
  const isCounted = reading.layout === USER_EXPORT;
  if (!isCounted && findings.totals.error === 0 && values.stated + values.not_applicable === 0) findings.add("no_values");
  return { reading, findings, rows, values, cells };
}

function checkRows(book, vocabulary, table, options, headerRow, findings) {
  const { grid } = table;
  findings.firstRow = grid.firstRow;
  const said = schoolsSaid(options.schools ?? {}, book.register);
  const { matcher, matches } = matchSchools(book, table, said);
  const rows = new Rows(grid, book.register);
  leaveOutTotals(table, rows, matches, book.metrics, findings);
  leaveOutSideRows(table, rows, matches, vocabulary, headerRow, findings);
  reportDamaged(rows, findings);
  reportSchools(table, rows, matcher, matches, findings);
  reportNames(table, rows, findings);
  matchPeriods(table, rows, book, options.period ? Period.parse(options.period) : null, findings);
  reportParticipation(table, rows, findings);
  const { metrics, columns } = readValues(table, rows, book, vocabulary, findings);
  const stated = gather(rows, columns, metrics);
  const repeating = reportDuplicates(stated, rows, columns, metrics, findings);
  reportBrokenRules(stated, book.rules, rows, columns, metrics, findings);
  reportScoresWithoutCount(stated, rows, columns, metrics, findings);
  const faulty = rows.rejected;
  findings.markRowsWithErrors(faulty);
  const accepted = rows.live.map((live, index) => (live && !faulty[index] && !repeating[index] ? 1 : 0));
  const cells = acceptedCells(stated, accepted, rows, metrics);
  const sum = (mask) => mask.reduce((count, is) => count + is, 0);
  const notApplicable = cells.places.filter((at) => Number.isNaN(stated.value[at])).length;
  return {
    rows: { read: grid.count, blank: sum(grid.blank), accepted: sum(accepted), rejected: sum(faulty) },
    values: {
      stated: cells.places.length - notApplicable,
      blank: blankCells(columns, accepted),
      not_applicable: notApplicable,
    },
    cells,
  };
}

function schoolsSaid(schools, register) {
  return Object.entries(schools)
    .map(([text, code]) => [fold(text), register.placeOfCode.get(code)])
    .filter(([, place]) => place !== undefined);
}

/** Report rows that were not read as rows of this table; they make no statements. */
function reportDamaged(rows, findings) {
  const { grid } = rows;
  const swallowed = [...grid.swallowing()].filter((index) => rows.live[index]);
  const swallowing = [...grid.broken, ...swallowed].sort((one, other) => one - other);
  findings.addRows("quote_never_closed", swallowing, WHOLE_ROW, "");
  const swallows = new Set(swallowing);
  const wrong = [...grid.wrongCount.keys()].filter((index) => rows.live[index] && !swallows.has(index));
  findings.addRows("wrong_cell_count", wrong, WHOLE_ROW, "", {
    count: (number) => grid.wrongCount.get(wrong[number]),
    expected: grid.header.length,
  });
  for (const index of [...swallowing, ...wrong]) rows.live[index] = 0;
}
