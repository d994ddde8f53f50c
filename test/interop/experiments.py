"""The peers of experiments and model cards: MLflow's client, DVCLive, huggingface_hub. Prints JSON."""

import json
import math
import os
import sys


def log(uri):
    """Runs as a user of MLflow would log them."""
    import mlflow

    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("theirs")
    with mlflow.start_run(run_name="good"):
        mlflow.log_params({"epochs": 3, "lr": 0.1, "net.act": "relu", "flag": True, "none": None})
        for step in range(1500):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"auc": 0.81, "nan": math.nan, "inf": math.inf})
        mlflow.set_tag("note", "x")
    try:
        with mlflow.start_run(run_name="bad"):
            mlflow.log_param("epochs", 9)
            raise RuntimeError("it broke")
    except RuntimeError:
        pass
    mlflow.MlflowClient().create_run(mlflow.get_experiment_by_name("theirs").experiment_id, run_name="runs")
    return {}


def read(uri, name):
    """All runs of an experiment, as MLflow's client has them."""
    import mlflow

    client = mlflow.MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(name)
    found = []
    token = None
    while True:
        page = client.search_runs([experiment.experiment_id], max_results=20, page_token=token)
        for run in page:
            steps = client.get_metric_history(run.info.run_id, "loss")
            found.append(
                {
                    "id": run.info.run_id,
                    "name": run.info.run_name,
                    "status": run.info.status,
                    "start": run.info.start_time,
                    "end": run.info.end_time,
                    "params": run.data.params,
                    "metrics": {key: str(value) for key, value in run.data.metrics.items()},
                    "tags": run.data.tags,
                    "loss": [[one.step, one.value] for one in steps],
                }
            )
        token = page.token
        if not token:
            return found


def live(folder):
    """What DVCLive leaves of a training."""
    from dvclive import Live

    os.chdir(os.path.dirname(os.path.abspath(folder)))  # it makes a DVC repository of the one that it is called in
    with Live(dir=folder, save_dvc_exp=False, dvcyaml=None) as run:
        run.log_params({"lr": 0.1, "net": {"hidden": [16, 8], "act": "relu"}, "flag": True})
        for step in range(4):
            run.log_metric("train/loss", 1 / (step + 1))
            run.log_metric("acc", step / 4, timestamp=True)
            run.next_step()
        run.log_metric("nan", math.nan)
    return {}


def card(path):
    """A model card as huggingface_hub reads it, and its metadata written again."""
    from huggingface_hub import ModelCard
    from huggingface_hub.repocard_data import eval_results_to_model_index

    card = ModelCard.load(path)
    index = eval_results_to_model_index(card.data.model_name, card.data.eval_results)
    return {
        "name": card.data.model_name,
        "license": card.data.license,
        "tags": card.data.tags,
        "body": card.text,
        "index": index,
        "results": [
            {"metric": one.metric_type, "value": one.metric_value, "args": one.metric_args, "split": one.dataset_split}
            for one in card.data.eval_results
        ],
    }


print(json.dumps({"log": log, "read": read, "live": live, "card": card}[sys.argv[1]](*sys.argv[2:])))
