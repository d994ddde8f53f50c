/** A curve's points, in the order in which they are joined. */
export interface PointsOfCurve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The same curve with at most so many points. Both ends stay; then, again and again, the point that
 * lies farthest from the line drawn so far (Ramer, Douglas and Peucker). A point on the line is
 * never needed.
 *
 * @example thin({ x: new Float64Array([0, 1, 2, 2]), y: new Float64Array([0, 1, 2, 3]) }, 200) // => { x: [0, 2, 2], y: [0, 2, 3] }
 * @example thin({ x: new Float64Array([0, 1, 2]), y: new Float64Array([0, 5, 0]) }, 2) // => { x: [0, 2], y: [0, 0] }
 */
export function thin({ x, y }: PointsOfCurve, most: number): PointsOfCurve {
  if (x.length <= 2) return { x, y };
  const kept = [0, x.length - 1];
  const open = [farthest(x, y, 0, x.length - 1)];
  while (kept.length < most) {
    let worst = 0;
    for (let i = 1; i < open.length; i++) {
      if ((open[i]?.distance ?? 0) > (open[worst]?.distance ?? 0)) worst = i;
    }
    const split = open[worst];
    if (split === undefined || split.distance <= ON_THE_LINE) break;
    kept.push(split.at);
    open[worst] = farthest(x, y, split.from, split.at);
    open.push(farthest(x, y, split.at, split.to));
  }
  kept.sort((a, b) => a - b);
  const pick = (values: Float64Array) => Float64Array.from(kept, (place) => values[place] as number);
  return { x: pick(x), y: pick(y) };
}

const ON_THE_LINE = 1e-12; // of axes from 0 to 1: rounding

/** The point between two that lies farthest from the line through them. */
function farthest(x: Float64Array, y: Float64Array, from: number, to: number) {
  const [x0, y0] = [x[from] as number, y[from] as number];
  const [dx, dy] = [(x[to] as number) - x0, (y[to] as number) - y0];
  const length = Math.hypot(dx, dy);
  let [at, most] = [from, 0];
  for (let place = from + 1; place < to; place++) {
    const [px, py] = [(x[place] as number) - x0, (y[place] as number) - y0];
    const distance = length === 0 ? px * px + py * py : Math.abs(dx * py - dy * px);
    if (distance > most) [at, most] = [place, distance];
  }
  return { from, to, at, distance: length === 0 ? Math.sqrt(most) : most / length };
}
