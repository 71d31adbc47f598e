{{/* list ROOT COMPONENT: the labels of an object of this release. */}}
{{- define "lambda-chaos.labels" -}}
{{- $root := index . 0 }}
{{- $labels := dict
      "helm.sh/chart" (include "lambda-chaos.cut" (list (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") 63))
      "app.kubernetes.io/name" (include "lambda-chaos.name" $root)
      "app.kubernetes.io/instance" $root.Release.Name
      "app.kubernetes.io/version" (include "lambda-chaos.version" $root)
      "app.kubernetes.io/component" (index . 1)
      "app.kubernetes.io/part-of" "litmus"
      "app.kubernetes.io/managed-by" $root.Release.Service }}
{{- toYaml (merge dict $root.Values.commonLabels $labels) }}
{{- end }}

{{- define "lambda-chaos.version" -}}
{{- include "lambda-chaos.cut" (list (.Chart.AppVersion | replace "+" "_") 63) }}
{{- end }}

{{/*
What chaos-runner copies onto the experiment's Job and pod, and the program onto the ChaosResult. Without
app.kubernetes.io/instance and managed-by: a GitOps tool that tracks by those would take Job and ChaosResult, which have
no owner, for objects that were deleted from its repository, and prune the journal in the middle of a run.
*/}}
{{- define "lambda-chaos.experimentPodLabels" -}}
{{- $labels := dict
      "name" (include "lambda-chaos.fault" .)
      "app.kubernetes.io/name" (include "lambda-chaos.name" .)
      "app.kubernetes.io/version" (include "lambda-chaos.version" .)
      "app.kubernetes.io/component" "experiment-job"
      "app.kubernetes.io/part-of" "litmus" }}
{{- toYaml (merge (include "lambda-chaos.podMark" . | fromYaml) .Values.commonLabels $labels) }}
{{- end }}

{{/* On every pod that runs our image: what the NetworkPolicy selects. */}}
{{- define "lambda-chaos.podMark" -}}
chaos.lambda-chaos-runner.io/release: {{ include "lambda-chaos.fullname" . | toYaml }}
{{- end }}
