// How alike two texts are, from 0 to 100: twice what they share in order, of all their signs (the Indel similarity).

import { split } from "./text.js";

/** The signs of a text, as numbers. */
export function signs(text) {
  return Array.from(text, (sign) => sign.codePointAt(0));
}

/** The text's words in order of their signs. */
export function sortedWords(text) {
  const words = split(text).map(signs);
  words.sort(compared);
  const joined = [];
  words.forEach((word, index) => joined.push(...(index ? [32] : []), ...word));
  return joined;
}

function compared(one, other) {
  const least = Math.min(one.length, other.length);
  for (let at = 0; at < least; at++) if (one[at] !== other[at]) return one[at] - other[at];
  return one.length - other.length;
}

const ALL = 0xffffffff;

/** A text to be compared with many. */
class Wanted {
  constructor(text) {
    this.length = text.length;
    this.words = Math.ceil(text.length / 32);
    this.places = new Map(); // sign -> in which bits it stands
    text.forEach((sign, at) => {
      if (!this.places.has(sign)) this.places.set(sign, new Uint32Array(this.words));
      this.places.get(sign)[at >> 5] |= 1 << (at & 31);
    });
  }

  /** How alike the other text is, 0 below `least`. */
  ratio(other, least) {
    const length = this.length + other.length;
    if (length === 0) return 100;
    // Even if the shorter stood wholly in the longer.
    if (1 - Math.abs(this.length - other.length) / length < least / 100) return 0;
    const likeness = 1 - (length - 2 * this.shared(other)) / length;
    return likeness >= least / 100 ? likeness * 100 : 0;
  }

  /** The length of the longest common subsequence, 32 signs at a time (Hyyrö, 2004). */
  shared(other) {
    const open = new Uint32Array(this.words).fill(ALL);
    for (const sign of other) {
      const bits = this.places.get(sign);
      if (!bits) continue;
      let carry = 0;
      for (let word = 0; word < this.words; word++) {
        const sum = open[word] + ((open[word] & bits[word]) >>> 0) + carry;
        carry = sum > ALL ? 1 : 0;
        open[word] = (sum >>> 0) | (open[word] & ~bits[word]);
      }
    }
    let found = 0;
    for (let at = 0; at < this.length; at++) if (!((open[at >> 5] >>> (at & 31)) & 1)) found++;
    return found;
  }
}

/** Return the places of those most like `wanted`, best first, the first of equals first. */
export function mostLike(wanted, choices, count, least) {
  const compared = new Wanted(wanted);
  const found = [];
  choices.forEach((choice, place) => {
    const likeness = compared.ratio(choice, least);
    if (likeness >= least) found.push({ likeness, place });
  });
  found.sort((one, other) => other.likeness - one.likeness || one.place - other.place);
  return found.slice(0, count).map(({ place }) => place);
}
