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
export function thin(curve: PointsOfCurve, most: number): PointsOfCurve {
  const { x, y } = curve.x.length > COARSE ? corners(curve, COARSE / 4) : curve;
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
  return pick({ x, y }, kept);
}

/** A curve of more points is first cut into stretches, of which each keeps its start and its farthest point. */
const COARSE = 8000;

function corners(curve: PointsOfCurve, stretches: number): PointsOfCurve {
  const end = curve.x.length - 1;
  const kept = [end];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * end) / stretches);
    kept.push(from);
    const { at } = farthest(curve.x, curve.y, from, Math.floor(((stretch + 1) * end) / stretches));
    if (at !== from) kept.push(at);
  }
  return pick(curve, kept);
}

function pick({ x, y }: PointsOfCurve, places: number[]): PointsOfCurve {
  places.sort((a, b) => a - b);
  const of = (values: Float64Array) => Float64Array.from(places, (place) => values[place] as number);
  return { x: of(x), y: of(y) };
}

const ON_THE_LINE = 1e-12; // of axes from 0 to 1: rounding

/** The point between two that lies farthest from the line through them. */
function farthest(x: Float64Array, y: Float64Array, from: number, to: number) {
  const [x0, y0] = [x[from] as number, y[from] as number];
  const [dx, dy] = [(x[to] as number) - x0, (y[to] as number) - y0];
  const length = Math.hypot(dx, dy);
  let [at, most] = [from, 0];
  for (let place = from + 1; place < to; place++) {
    const px = (x[place] as number) - x0;
    const py = (y[place] as number) - y0;
    const distance = length === 0 ? px * px + py * py : Math.abs(dx * py - dy * px);
    if (distance > most) {
      at = place;
      most = distance;
    }
  }
  return { from, to, at, distance: length === 0 ? Math.sqrt(most) : most / length };
}
