#!/bin/sh
# The walk-through as YAML files and commands, in the shape of "az ml". A server must be up, started in the same folder:
#   npx malachite up --detach && examples/yaml/run.sh
set -eu
here=$(dirname "$0")

malachite() { npx malachite "$@"; }

malachite data create -f "$here/data.yml"
malachite compute create -f "$here/compute.yml"

job=$(malachite job create -f "$here/automl-job.yml" --stream --query name -o tsv)
malachite model create -f "$here/model.yml" --set path="azureml://jobs/$job/outputs/best_model"

malachite online-endpoint show -n bank -o none 2>/dev/null || malachite online-endpoint create -f "$here/endpoint.yml"
malachite online-deployment show -n blue -e bank -o none 2>/dev/null || malachite online-deployment create -f "$here/deployment.yml" --all-traffic
malachite online-endpoint invoke -n bank --request-file "$here/../payload.json"
malachite online-deployment get-logs -n blue -e bank --lines 5

malachite pipeline publish -f "$here/pipeline.yml" -n bank-train
malachite schedule show -n bank-on-new-data -o none 2>/dev/null ||
  malachite schedule create -n bank-on-new-data --pipeline bank-train --dataset bank
malachite pipeline run -n bank-train --experiment-name bank-marketing
