import { formatCount, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import { frame, type Line, span } from "./frame.ts";
import { curve } from "./lines.ts";

/** Loss on training and validation rows, epoch by epoch. Null where there is no history. */
export function lossPlot({ history }: Pick<Report, "history">): string | null {
  if (history.length < 2) return null;
  const training = history.map(({ epoch, loss }) => ({ x: epoch, y: loss }));
  const validation = history.flatMap(({ epoch, validation_loss }) =>
    validation_loss === null ? [] : [{ x: epoch, y: validation_loss }],
  );
  const lines: Line[] = [{ style: "candidate", text: "Training rows" }];
  if (validation.length > 1) lines.push({ style: "baseline", text: "Validation rows" });
  const last = history.at(-1);
  const description = `After ${formatCount(history.length)} epochs the training loss is ${formatNumber(last?.loss)}, the validation loss ${formatNumber(last?.validation_loss)}.`;
  const epochs = span(
    training.map(({ x }) => x),
    0,
  );
  return frame(
    { id: "loss", title: "Loss while training", description, width: 400, height: 330 },
    [
      { title: "Epoch", domain: epochs },
      { title: "Loss", domain: span([...training, ...validation].map(({ y }) => y)) },
    ],
    lines,
    (scales) => curve(validation, "baseline", scales) + curve(training, "candidate", scales),
  );
}
