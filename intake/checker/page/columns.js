// What a file's columns mean: by their exact name, by an alias, or because a manager said so.

import { fold, lookAlike } from "./folding.js";
import { columnLetters } from "./grid.js";
import { rules } from "./rules.js";

export const SCHOOL_CODE = "school_code";
export const SCHOOL_NAME = "school_name";
export const PERIOD = "period";
export const METRIC = "metric";
export const VALUE = "value";
const ROLES = [SCHOOL_CODE, SCHOOL_NAME, PERIOD, METRIC, VALUE];

// A column that we add to sheets for people: it says nothing, and nobody needs to be told so.
export const OURS = { metric: null, role: null, how: "ours" };

const isSame = (one, other) => one.metric === other.metric && one.role === other.role;

/** All names under which columns are known to an initiative. A meaning is {metric: id, role, how}. */
export class Vocabulary {
  constructor(book, mapping = {}) {
    this.metrics = book.metrics;
    const meaning = (metric, role, how) => ({ metric, role, how });
    this.said = new Map();
    for (const [column, said] of [...Object.entries(book.columnChoices), ...Object.entries(mapping)]) {
      const word = said.trim().toLowerCase();
      const metric = book.metricOfKey.get(word)?.id ?? null;
      this.said.set(fold(column), meaning(metric, ROLES.includes(word) ? word : null, "mapping"));
    }
    this.exact = new Map();
    for (const metric of this.metrics.values()) this.exact.set(fold(metric.key), meaning(metric.id, null, "exact"));
    for (const role of ROLES) this.exact.set(fold(role), meaning(null, role, "exact"));
    this.aliases = new Map();
    for (const [name, id] of Object.entries(book.aliases)) this.aliases.set(name, meaning(id, null, "alias"));
    for (const role of ROLES) {
      for (const name of rules.columns.ROLE_ALIASES[role]) {
        if (!this.aliases.has(fold(name))) this.aliases.set(fold(name), meaning(null, role, "alias"));
      }
    }
    const { ROW_COLUMN, REASON_COLUMN } = rules.our_sheets;
    this.ours = new Set([...Object.values(ROW_COLUMN), ...Object.values(REASON_COLUMN)].map(fold));
    this.look = this.byLook();
    this.known = new Map();
  }

  /** Names by how they look, for headers typed with Cyrillic letters in Latin words or the reverse. */
  byLook() {
    const found = new Map();
    const unclear = new Set();
    for (const [name, meaning] of [...this.exact, ...this.aliases]) {
      const look = lookAlike(name);
      if (!found.has(look)) found.set(look, { ...meaning, how: "alias" });
      if (!isSame(found.get(look), meaning)) unclear.add(look);
    }
    for (const look of unclear) found.delete(look);
    return found;
  }

  /** What the column at this position means: as said of its place, else by its name. */
  meaningAt(position, name) {
    return this.said.get(fold(`(${columnLetters(position)})`)) ?? this.meaning(name);
  }

  /** What a column of this name means, null when the name is not known. */
  meaning(name) {
    if (!this.known.has(name)) this.known.set(name, this.lookUp(fold(name)));
    return this.known.get(name);
  }

  lookUp(folded) {
    if (!folded) return null;
    const plain = this.said.get(folded) ?? this.exact.get(folded) ?? this.aliases.get(folded);
    return plain ?? this.look.get(lookAlike(folded)) ?? (this.ours.has(folded) ? OURS : null);
  }

  /** The metric that a cell of the long layout names, by key or alias. */
  metricNamed(text) {
    const meaning = this.meaning(text);
    return meaning && meaning.metric !== null ? this.metrics.get(meaning.metric) : null;
  }

  /** How many different things the cells name, when at least two are or one is a key column; else 0. */
  knownNames(cells) {
    const found = new Map();
    for (const cell of cells) {
      const meaning = this.meaning(cell);
      if (meaning) found.set(`${meaning.metric}/${meaning.role}/${meaning.how}`, meaning);
    }
    const meanings = [...found.values()];
    const metrics = new Set(meanings.map((meaning) => meaning.metric).filter((metric) => metric !== null));
    const isHeader = meanings.some((meaning) => meaning.role || meaning.how === "mapping") || metrics.size > 1;
    return isHeader ? meanings.length : 0;
  }
}
