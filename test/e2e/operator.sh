#!/usr/bin/env bash
# Installs the Litmus CRDs and the unmodified chaos-operator of a release on the cluster that KUBECONFIG names, in
# namespace litmus, with the tests' runner: operator.sh VERSION [RUNNER_IMAGE]
set -euo pipefail
version=${1:?wanted: the release of chaos-operator, e.g. 3.18.0}
runner=${2:-localhost/chaos-runner:test}
source=https://raw.githubusercontent.com/litmuschaos/chaos-operator/$version/deploy
kubectl apply -f "$source/chaos_crds.yaml"
kubectl create namespace litmus --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f "$source/rbac.yaml" -f "$source/operator.yaml"
operator=$(kubectl -n litmus get deployments -o name | grep operator)
kubectl -n litmus set env "$operator" CHAOS_RUNNER_IMAGE="$runner" WATCH_NAMESPACE= ANALYTICS=FALSE
kubectl -n litmus rollout status "$operator" --timeout=180s
