// What a file's columns mean: by their exact name, by an alias, or because a manager said so.

import { plainName, shorterNames } from "./column_names.js";
import { fold, lookAlike } from "./folding.js";
import { columnLetters } from "./grid.js";
import { rules } from "./rules.js";
import { isAlpha } from "./text.js";

export const SCHOOL_CODE = "school_code";
export const SCHOOL_NAME = "school_name";
export const PERIOD = "period";
export const METRIC = "metric";
export const VALUE = "value";
const ROLES = [SCHOOL_CODE, SCHOOL_NAME, PERIOD, METRIC, VALUE];

// A column that we add to sheets for people: it says nothing, and nobody needs to be told so.
export const OURS = { metric: null, role: null, how: "ours" };

const isSame = (one, other) => one.metric === other.metric && one.role === other.role;

/** All names under which columns are known to an initiative. A meaning is {metric: id, role, how, weak}. */
export class Vocabulary {
  constructor(book, mapping = {}) {
    this.metrics = book.metrics;
    const meaning = (metric, role, how, weak = false) => ({ metric, role, how, weak });
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
        const isWeak = rules.columns.WEAK.includes(name);
        if (!this.aliases.has(fold(name))) this.aliases.set(fold(name), meaning(null, role, "alias", isWeak));
      }
    }
    const { ROW_COLUMN, REASON_COLUMN } = rules.our_sheets;
    this.ours = new Set([...Object.values(ROW_COLUMN), ...Object.values(REASON_COLUMN)].map(fold));
    this.look = this.by(lookAlike);
    this.plain = this.by(plainName);
    this.known = new Map();
  }

  /** The names in another form, without those that then mean two things: as they look, or their words alone. */
  by(form) {
    const found = new Map();
    const unclear = new Set();
    for (const [name, meaning] of [...this.exact, ...this.aliases]) {
      const formed = form(name);
      if (!found.has(formed)) found.set(formed, { ...meaning, how: "alias" });
      if (!isSame(found.get(formed), meaning)) unclear.add(formed);
    }
    for (const formed of unclear) found.delete(formed);
    return found;
  }

  /** What the column at this position means: as said of its place, else by its name. */
  meaningAt(position, name) {
    return this.said.get(fold(`(${columnLetters(position)})`)) ?? this.meaning(name);
  }

  /** What a column of this name means, null when the name is not known. */
  meaning(name) {
    if (!this.known.has(name)) this.known.set(name, this.lookUp(name, fold(name)));
    return this.known.get(name);
  }

  lookUp(name, folded) {
    if (!folded) return null;
    const plain = this.said.get(folded) ?? this.exact.get(folded) ?? this.aliases.get(folded);
    const known = plain ?? this.look.get(lookAlike(folded)) ?? (this.ours.has(folded) ? OURS : null);
    return known ?? this.meaningOfWords(name);
  }

  /** What the words of a name mean, without the number, unit, footnote mark or tag that stands by them. */
  meaningOfWords(name) {
    const signs = [...name];
    if (signs.length > rules.columns.LONGEST_NAME || !signs.some(isAlpha)) return null;
    const plain = plainName(name);
    if (this.plain.has(plain)) return this.plain.get(plain);
    for (const [words, units] of shorterNames(plain)) {
      const meaning = this.plain.get(words);
      if (meaning && meaning.metric !== null && units.includes(this.metrics.get(meaning.metric).unit)) return meaning;
    }
    return null;
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
