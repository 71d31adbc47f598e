#!/usr/bin/env bash
# Installs the Litmus CRDs and the unmodified chaos-operator of a release on the cluster that KUBECONFIG names, in
# namespace litmus, with the tests' runner: operator.sh VERSION [RUNNER_IMAGE]
set -euo pipefail
version=${1:?wanted: the release of chaos-operator, e.g. 3.18.0}
runner=${2:-localhost/chaos-runner:test}
image=docker.io/litmuschaos/chaos-operator:$version

# The operator as "DEPLOYMENT CONTAINER IMAGE". By its image: its manifests call it litmus, chaos-operator, chaos-operator-ce.
operator() {
  local every='{{range $d := .items}}{{range .spec.template.spec.containers}}{{$d.metadata.name}} {{.name}} {{.image}}{{"\n"}}{{end}}{{end}}'
  local found
  found=$(kubectl -n litmus get deployments -o go-template="$every" | awk '$3 ~ /chaos-operator/')
  [ -n "$found" ] && [ "$(wc -l <<<"$found")" = 1 ] && echo "$found" && return
  echo "wanted: one Deployment in namespace litmus whose image is chaos-operator; found: ${found:-none}" >&2
  return 1
}

source=https://raw.githubusercontent.com/litmuschaos/chaos-operator/$version/deploy
kubectl apply -f "$source/chaos_crds.yaml"
kubectl create namespace litmus --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f "$source/rbac.yaml" -f "$source/operator.yaml"
found=$(operator)
read -r deployment container _ <<<"$found"
# The manifest of every release says :ci, which is whatever was built last.
kubectl -n litmus set image "deployment/$deployment" "$container=$image"
kubectl -n litmus set env "deployment/$deployment" CHAOS_RUNNER_IMAGE="$runner" WATCH_NAMESPACE= ANALYTICS=FALSE
kubectl -n litmus rollout status "deployment/$deployment" --timeout=180s
