// What lies in a zip archive, read from its directory, and its parts unfolded piece by piece by the browser itself.

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const ZIP64 = 0x0001;
const STORED = 0;
const DEFLATED = 8;

export class ZipDamaged extends Error {}

/** The entries of an archive by name: {method, crc, packed, size, offset}. Throws ZipDamaged. */
export function zipEntries(content) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const end = endOfDirectory(view);
  const size = view.getUint32(end + 12, true);
  // What stands before the archive moves all of it.
  const start = end - size;
  const moved = start - view.getUint32(end + 16, true);
  if (start < 0 || moved < 0) throw new ZipDamaged();
  const entries = new Map();
  for (let at = start; at < end; ) {
    if (at + 46 > end || view.getUint32(at, true) !== ENTRY) throw new ZipDamaged();
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const next = at + 46 + lengths[0] + lengths[1] + lengths[2];
    if (next > end) throw new ZipDamaged();
    const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const name = content.subarray(at + 46, at + 46 + lengths[0]);
    const entry = {
      method: view.getUint16(at + 10, true), crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true) + moved,
    };
    widen(entry, view, at + 46 + lengths[0], lengths[1]);
    entries.set(new TextDecoder(isUtf8 ? "utf-8" : "ibm866").decode(name), entry);
    at = next;
  }
  return entries;
}

function endOfDirectory(view) {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 65535); at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new ZipDamaged();
}

/** Take the sizes that do not fit into 32 bits from where ZIP64 keeps them. */
function widen(entry, view, start, length) {
  for (let at = start; at + 4 <= start + length; ) {
    const size = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === ZIP64) {
      let place = at + 4;
      for (const field of ["size", "packed", "offset"]) {
        if (entry[field] !== 0xffffffff || place + 8 > at + 4 + size) continue;
        entry[field] = Number(view.getBigUint64(place, true));
        place += 8;
      }
    }
    at += 4 + size;
  }
}

/** Yield a part's bytes piece by piece. Throws ZipDamaged where they are not what the directory says. */
export async function* unfolded(content, entry) {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  if (entry.offset + 30 > content.length || view.getUint32(entry.offset, true) !== LOCAL) throw new ZipDamaged();
  const start = entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true);
  if (start + entry.packed > content.length) throw new ZipDamaged();
  const packed = content.subarray(start, start + entry.packed);
  let crc = -1;
  let size = 0;
  for await (const piece of pieces(packed, entry.method)) {
    crc = checksum(crc, piece);
    size += piece.length;
    if (size > entry.size) throw new ZipDamaged();
    yield piece;
  }
  if (size !== entry.size || (crc ^ -1) >>> 0 !== entry.crc) throw new ZipDamaged();
}

async function* pieces(packed, method) {
  if (method === STORED) {
    yield packed;
    return;
  }
  if (method !== DEFLATED) throw new ZipDamaged();
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (;;) {
    const { value, done } = await reader.read().catch(() => {
      throw new ZipDamaged();
    });
    if (done) return;
    yield value;
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_zero, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(crc, piece) {
  for (let index = 0; index < piece.length; index++) crc = (crc >>> 8) ^ TABLE[(crc ^ piece[index]) & 255];
  return crc;
}
