import type { LabelRow } from "../../../src/core/report/sections/labels.ts";

const wilson = (low: number, high: number) => ({
  low,
  high,
  confidence: 0.95,
  method: "Wilson score interval",
});

/** Five topics of tickets, of which the holdout's rows carry any; one of them is in none. */
export const LABELS: LabelRow[] = [
  {
    name: "billing",
    rows: 193,
    decided: 179,
    precision: { value: 0.9497, of: 179, interval: wilson(0.9071, 0.9734) },
    recall: { value: 0.8808, of: 193, interval: wilson(0.8275, 0.9193) },
    f1: 0.914,
    roc_auc: 0.983,
    average_precision: 0.9831,
    baseline: { precision: 0.921, recall: 0.8653, f1: 0.8923, roc_auc: 0.9617, average_precision: 0.9583 },
  },
  {
    name: "login",
    rows: 128,
    decided: 115,
    precision: { value: 0.9217, of: 115, interval: wilson(0.8578, 0.9583) },
    recall: { value: 0.8281, of: 128, interval: wilson(0.7533, 0.8837) },
    f1: 0.8724,
    roc_auc: 0.9852,
    average_precision: 0.9733,
    baseline: { precision: 0.8462, recall: 0.7922, f1: 0.8183, roc_auc: 0.9511, average_precision: 0.9175 },
  },
  {
    name: "slow page",
    rows: 52,
    decided: 60,
    precision: { value: 0.8167, of: 60, interval: wilson(0.7008, 0.8944) },
    recall: { value: 0.9423, of: 52, interval: wilson(0.8436, 0.9802) },
    f1: 0.875,
    roc_auc: 0.9918,
    average_precision: 0.9485,
    baseline: { precision: 0.6471, recall: 0.8462, f1: 0.7333, roc_auc: 0.972, average_precision: 0.8206 },
  },
  {
    name: "refund",
    rows: 26,
    decided: 34,
    precision: { value: 0.6765, of: 34, interval: wilson(0.5084, 0.8087) },
    recall: { value: 0.8846, of: 26, interval: wilson(0.7102, 0.96) },
    f1: 0.7667,
    roc_auc: 0.9767,
    average_precision: 0.8248,
    baseline: { precision: 0.4423, recall: 0.8846, f1: 0.5974, roc_auc: 0.9625, average_precision: 0.6871 },
  },
  {
    name: "outage",
    rows: 0,
    decided: 15,
    precision: { value: 0, of: 15, interval: wilson(0, 0.2039) },
    recall: { value: null, of: 0, interval: null },
    f1: 0,
    roc_auc: null,
    average_precision: null,
    baseline: { precision: 0, recall: null, f1: 0, roc_auc: null, average_precision: null },
  },
];
