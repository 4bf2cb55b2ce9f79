// Draws media/icon.png, the extension's icon: a database with the tick of a proven table. Needs nothing but Node.
//   node scripts/icon.mjs
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

const size = 256;
/** Samples a pixel in each direction: what makes the edges smooth. */
const samples = 4;

/** @typedef {readonly [number, number, number, number]} Colour Red, green, blue, opacity. */

const navy = /** @type {Colour} */ ([20, 33, 61, 1]);
const sky = /** @type {Colour} */ ([142, 202, 230, 1]);
const white = /** @type {Colour} */ ([240, 246, 252, 1]);
const green = /** @type {Colour} */ ([87, 204, 153, 1]);
const nothing = /** @type {Colour} */ ([0, 0, 0, 0]);

/** The picture, on a square from 0 to 1; the last rule that holds wins. @param {number} x @param {number} y @returns {Colour} */
function colourAt(x, y) {
  if (!inRoundedSquare(x, y)) return nothing;
  const tick = Math.min(toSegment(x, y, [0.5, 0.7], [0.63, 0.83]), toSegment(x, y, [0.63, 0.83], [0.86, 0.53]));
  if (tick < 0.045) return green;
  if (tick < 0.085) return navy;
  if (inEllipse(x, y, 0.26)) return white;
  return inDisk(x, y, 0.26, 0.43) || inDisk(x, y, 0.46, 0.61) || inDisk(x, y, 0.64, 0.79) ? sky : navy;
}

/** @param {number} x @param {number} y */
function inRoundedSquare(x, y) {
  const radius = 0.2;
  const dx = Math.max(Math.abs(x - 0.5) - (0.5 - radius), 0);
  const dy = Math.max(Math.abs(y - 0.5) - (0.5 - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

/** @param {number} x @param {number} y @param {number} centre */
const inEllipse = (x, y, centre) => ((x - 0.44) / 0.27) ** 2 + ((y - centre) / 0.1) ** 2 <= 1;

/** A slice of the drum: open above, where the next one's curve cuts in. @param {number} x @param {number} y @param {number} top @param {number} bottom */
const inDisk = (x, y, top, bottom) =>
  Math.abs(x - 0.44) <= 0.27 &&
  y > top &&
  !inEllipse(x, y, top) &&
  (y <= bottom - 0.03 || inEllipse(x, y, bottom - 0.03));

/** @param {number} x @param {number} y @param {readonly [number, number]} from @param {readonly [number, number]} to */
function toSegment(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** @param {number} column @param {number} row */
function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let index = 0; index < samples * samples; index++) {
    const dx = ((index % samples) + 0.5) / samples;
    const dy = (Math.floor(index / samples) + 0.5) / samples;
    const [red, green, blue, opacity] = colourAt((column + dx) / size, (row + dy) / size);
    for (const [channel, value] of [red * opacity, green * opacity, blue * opacity, opacity].entries()) {
      sum[channel] += value;
    }
  }
  const [red, green, blue, opacity] = sum;
  const solid = opacity === 0 ? 1 : opacity;
  return [red / solid, green / solid, blue / solid, (opacity / samples ** 2) * 255].map(Math.round);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function png() {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: size }, (_, row) => [
    0,
    ...Array.from({ length: size }, (_, column) => pixel(column, row)).flat(),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

writeFileSync(new URL('../media/icon.png', import.meta.url), png());
