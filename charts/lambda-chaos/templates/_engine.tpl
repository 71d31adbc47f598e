{{/* dict root, name, engine: the target of an engine; what it does not name comes from `target`. */}}
{{- define "lambda-chaos.engineTarget" -}}
{{- $target := dict }}
{{- range list "functionName" "region" "eventUuids" }}
{{- $value := get $.engine . | default (get $.root.Values.target .) }}
{{- if not $value }}
{{- fail (printf "engines.%s.%s: is required and not set, nor is target.%s; e.g. %s" $.name . .
      (get (dict "functionName" "orders" "region" "eu-west-1" "eventUuids" "[14e0db71-1b33-4f5f-8a0e-3b1f0a2c9d11]") .)) }}
{{- end }}
{{- $_ := set $target . $value }}
{{- end }}
{{- toYaml $target }}
{{- end }}

{{/* dict root, name, engine: its EnvVars. What it does not name comes from the ChaosExperiment. */}}
{{- define "lambda-chaos.engineEnv" -}}
{{- $fields := list }}
{{- $variables := list
      (list "totalChaosDuration" "TOTAL_CHAOS_DURATION") (list "chaosInterval" "CHAOS_INTERVAL") (list "sequence" "SEQUENCE")
      (list "rampTime" "RAMP_TIME") (list "settleTime" "SETTLE_TIME") (list "instanceId" "INSTANCE_ID") }}
{{- range $variables }}
{{- if hasKey $.engine (index . 0) }}
{{- $fields = append $fields (dict "name" (index . 1) "value" (include "lambda-chaos.text" (get $.engine (index . 0)))) }}
{{- end }}
{{- end }}
{{- $env := include "lambda-chaos.env" (list
      (include "lambda-chaos.targetEnv" (include "lambda-chaos.engineTarget" . | fromYaml) | fromYamlArray)
      $fields
      (.engine.env | default list)) | fromYamlArray }}
{{- range $env }}
{{- if eq (get . "value") "" }}
{{- $_ := unset . "value" }}
{{- end }}
{{- end }}
{{- toYaml $env }}
{{- end }}
