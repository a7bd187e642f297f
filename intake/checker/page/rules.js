// The constants of the Python modules (see rules.py), by module and name. Filled before anything is checked.

export const rules = {};

/** Take the rules of a checker: patterns become expressions, lists of words sets. */
export function installRules(found) {
  for (const [module, constants] of Object.entries(found)) {
    rules[module] = {};
    for (const [name, value] of Object.entries(constants)) rules[module][name] = revived(value);
  }
}

function revived(value) {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if (value.pattern) return new Pattern(value.pattern.source, value.pattern.flags);
  // Without what every object has: a text of a file may be called `constructor`.
  const found = Object.create(null);
  for (const [name, entry] of Object.entries(value)) found[name] = revived(entry);
  return found;
}

/** A pattern as Python uses one: on the whole text, anywhere in it, or everywhere. */
export class Pattern {
  constructor(source, flags) {
    this.whole = new RegExp(`^(?:${source})$`, flags);
    this.anywhere = new RegExp(source, flags);
    this.beginning = new RegExp(source, `${flags}y`);
    this.everywhere = new RegExp(source, `${flags}g`);
  }

  fullmatch(text) {
    return this.whole.exec(text);
  }

  search(text) {
    return this.anywhere.exec(text);
  }

  /** At the text's beginning. */
  match(text) {
    this.beginning.lastIndex = 0;
    return this.beginning.exec(text);
  }

  replacedOnce(text, replacement) {
    return text.replace(this.anywhere, () => replacement);
  }

  replaced(text, replacement) {
    return text.replace(this.everywhere, () => replacement);
  }

  findAll(text) {
    return text.matchAll(this.everywhere);
  }
}
