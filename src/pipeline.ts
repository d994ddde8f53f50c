import add from "./stages/add.ts";
import checkout from "./stages/checkout.ts";
import command from "./stages/command.ts";
import deploy from "./stages/deploy.ts";
import diff from "./stages/diff.ts";
import doctor from "./stages/doctor.ts";
import evaluate from "./stages/evaluate.ts";
import expect from "./stages/expect.ts";
import experiments from "./stages/experiments.ts";
import experimentsCompare from "./stages/experiments-compare.ts";
import experimentsExport from "./stages/experiments-export.ts";
import experimentsGc from "./stages/experiments-gc.ts";
import experimentsImport from "./stages/experiments-import.ts";
import experimentsRm from "./stages/experiments-rm.ts";
import experimentsShow from "./stages/experiments-show.ts";
import features from "./stages/features.ts";
import fetch from "./stages/fetch.ts";
import gc from "./stages/gc.ts";
import get from "./stages/get.ts";
import handOver from "./stages/hand-over.ts";
import importData from "./stages/import.ts";
import ingest from "./stages/ingest.ts";
import init from "./stages/init.ts";
import judge from "./stages/judge.ts";
import layOut from "./stages/lay-out.ts";
import lineage from "./stages/lineage.ts";
import log from "./stages/log.ts";
import merge from "./stages/merge.ts";
import mergeDriver from "./stages/merge-driver.ts";
import monitor from "./stages/monitor.ts";
import monitorFetch from "./stages/monitor-fetch.ts";
import monitorLook from "./stages/monitor-look.ts";
import packageModel from "./stages/package.ts";
import planRelease from "./stages/plan-release.ts";
import power from "./stages/power.ts";
import prepare from "./stages/prepare.ts";
import profile from "./stages/profile.ts";
import promote from "./stages/promote.ts";
import publish from "./stages/publish.ts";
import pull from "./stages/pull.ts";
import push from "./stages/push.ts";
import receive from "./stages/receive.ts";
import reconcile from "./stages/reconcile.ts";
import refresh from "./stages/refresh.ts";
import register from "./stages/register.ts";
import registry from "./stages/registry.ts";
import remoteAdd from "./stages/remote-add.ts";
import remoteDefault from "./stages/remote-default.ts";
import remoteExport from "./stages/remote-export.ts";
import remoteList from "./stages/remote-list.ts";
import remoteModify from "./stages/remote-modify.ts";
import remoteRemove from "./stages/remote-remove.ts";
import remoteRename from "./stages/remote-rename.ts";
import report from "./stages/report.ts";
import resolve from "./stages/resolve.ts";
import retrain from "./stages/retrain.ts";
import retrainAsked from "./stages/retrain-asked.ts";
import rollback from "./stages/rollback.ts";
import run from "./stages/run.ts";
import send from "./stages/send.ts";
import serve from "./stages/serve.ts";
import type { Stage } from "./stages/stage.ts";
import status from "./stages/status.ts";
import train from "./stages/train.ts";
import unprotect from "./stages/unprotect.ts";
import update from "./stages/update.ts";
import validate from "./stages/validate.ts";
import verify from "./stages/verify.ts";
import why from "./stages/why.ts";

/** The table of contents: every verb, in the order in which a newcomer meets them. */
export const STAGES: readonly Stage[] = [
  init,
  profile,
  expect,
  add,

  run,
  status,
  diff,
  doctor,

  // The way from data to a report, in the order in which data meet the stages.
  ingest,
  validate,
  prepare,
  power,
  features,
  train,
  evaluate,
  report,

  // What was tried, and what came of it.
  experiments,
  experimentsShow,
  experimentsCompare,
  experimentsExport,
  experimentsImport,
  experimentsRm,
  experimentsGc,

  push,
  pull,
  checkout,
  unprotect,
  fetch,
  importData,
  update,
  get,
  merge,
  mergeDriver,
  verify,
  gc,

  remoteAdd,
  remoteList,
  remoteModify,
  remoteDefault,
  remoteRename,
  remoteRemove,
  remoteExport,

  registry,
  log,
  lineage,
  why,

  // What becomes of a change, in the order of its jobs.
  handOver,
  judge,

  // The way from one environment to the next.
  packageModel,
  promote,
  rollback,
  serve,
  reconcile,

  // What looks at production, and what brings a model back.
  monitor,
  retrain,

  // Between the jobs of a workflow; no commands.
  resolve,
  command,
  layOut,
  send,
  receive,
  publish,
  planRelease,
  register,
  deploy,
  monitorFetch,
  monitorLook,
  retrainAsked,
  refresh,
];
