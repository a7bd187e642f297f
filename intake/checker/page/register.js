// The schools a file may be about: the register of the initiative's country with each school's part in it.

import { foldSchoolName } from "./folding.js";

/** Schools as parallel lists, in the order of their codes. Days are ordinals, null for none. */
export class Register {
  constructor(schools, outside) {
    Object.assign(this, schools);
    this.outside = new Set(outside);
    this.placeOfCode = new Map(this.codes.map((code, place) => [code, place]));
  }

  get size() {
    return this.codes.length;
  }

  get foldedNames() {
    this.folded ??= this.names.map(foldSchoolName);
    return this.folded;
  }

  isOpen(place, day) {
    const [opened, closed] = [this.opened[place], this.closed[place]];
    return (opened === null || opened <= day) && (closed === null || closed > day);
  }

  takesPart(place, day) {
    const [joined, left] = [this.joined[place], this.left[place]];
    return joined !== null && joined <= day && (left === null || left > day);
  }
}
