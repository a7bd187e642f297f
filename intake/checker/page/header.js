// Which row names the columns, also where their names take two rows; and what a title above them says.

import { rules } from "./rules.js";
import { isBlank } from "./text.js";
import { periodsIn } from "./written_periods.js";

/** Each row's cells as column names, those of a header's lower row with what its upper row says. */
export function namesOfRows(head, vocabulary) {
  const found = [];
  for (const cells of head) {
    const above = found.at(-1) ?? [];
    const isUpperPart = vocabulary.knownNames(above) >= rules.header.LEAST_ABOVE;
    found.push(isUpperPart ? withUpperRow(cells, above, vocabulary) : [...cells]);
  }
  return found;
}

/** The row that names most columns, the first of several; null when no row names any. */
export function headerRowOf(names, vocabulary) {
  const known = names.map((cells) => vocabulary.knownNames(cells));
  const most = Math.max(0, ...known);
  return most ? known.indexOf(most) + 1 : null;
}

/** The names of a header's lower row: a blank cell takes the name above it, one that says nothing alone its group. */
function withUpperRow(cells, above, vocabulary) {
  const named = [...cells];
  const said = new Set(cells.map((name) => what(name, vocabulary)));
  let group = "";
  for (const [position, upper] of above.slice(0, named.length).entries()) {
    if (!isBlank(upper)) group = upper;
    if (isBlank(named[position])) {
      const meant = what(upper, vocabulary);
      if (meant === null || !said.has(meant)) named[position] = upper;
    } else if (vocabulary.meaning(named[position]) === null) {
      named[position] = `${group} ${named[position]}`;
      const meaning = vocabulary.meaning(named[position]);
      if (meaning === null || meaning.metric === null) return [...cells]; // part of the names would be lost
    }
  }
  return named;
}

function what(name, vocabulary) {
  const meaning = vocabulary.meaning(name);
  return meaning ? `${meaning.metric}/${meaning.role}` : null;
}

/** Warn where the titles above a table without periods name one by its month, and another was chosen. */
export function reportTitlePeriod(titles, chosen, findings) {
  if (!chosen) return;
  for (const title of titles) {
    const named = new Set(
      periodsIn(title)
        .filter((period) => period.granularity === chosen.granularity)
        .map((period) => period.key),
    );
    if (named.size === 1 && !named.has(chosen.key)) {
      findings.add("title_period_differs", { value: title, period: [...named][0], chosen: chosen.key });
      return;
    }
  }
}
