{{/* All of these print a YAML list of EnvVars. */}}

{{/* A list of lists of EnvVars as one list: of two with one name the later one counts, as it does in chaos-runner. */}}
{{- define "lambda-chaos.env" -}}
{{- $names := list }}
{{- $last := dict }}
{{- range . }}
{{- range . }}
{{- $names = append $names .name }}
{{- $_ := set $last .name . }}
{{- end }}
{{- end }}
{{- $env := list }}
{{- range uniq $names }}
{{- $env = append $env (get $last .) }}
{{- end }}
{{- toYaml $env }}
{{- end }}

{{/* A dict with region, functionName and eventUuids. */}}
{{- define "lambda-chaos.targetEnv" -}}
- name: FUNCTION_NAME
  value: {{ .functionName | default "" | quote }}
- name: REGION
  value: {{ .region | default "" | quote }}
- name: EVENT_UUIDS
  value: {{ .eventUuids | default list | join "," | quote }}
{{- end }}

{{/* list ROOT NAMES: those of experiment.env. */}}
{{- define "lambda-chaos.tunableEnv" -}}
{{- $given := (index . 0).Values.experiment.env }}
{{- range index . 1 }}
{{- if hasKey $given . }}
- name: {{ . }}
  value: {{ include "lambda-chaos.text" (get $given .) | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Helm reads the numbers of a values file as floats: 604800 must not become 6.048e+05. */}}
{{- define "lambda-chaos.text" -}}
{{- if kindIs "float64" . }}{{ int64 . }}{{ else if not (kindIs "invalid" .) }}{{ . }}{{ end }}
{{- end }}

{{/* The Secret that somebody chose counts alone: a broken file is an error and never makes way for another identity. */}}
{{- define "lambda-chaos.credentialEnv" -}}
{{- with .Values.credentials }}
{{- if .existingSecret }}
- name: AWS_AUTHENTICATION_SECRET
  value: {{ printf "%s/%s" (trimSuffix "/" .mountPath) .key | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* Everything that a run reads. */}}
{{- define "lambda-chaos.runEnv" -}}
{{- $tunables := list "TOTAL_CHAOS_DURATION" "CHAOS_INTERVAL" "SEQUENCE" "RAMP_TIME" "SETTLE_TIME" "MAX_MAPPINGS" "API_RATE" "FORCE" "REVERT_TIMEOUT" "LOG_LEVEL" }}
{{- include "lambda-chaos.env" (list
      (include "lambda-chaos.targetEnv" .Values.target | fromYamlArray)
      (include "lambda-chaos.tunableEnv" (list . $tunables) | fromYamlArray)
      (include "lambda-chaos.credentialEnv" . | fromYamlArray)
      .Values.env) }}
{{- end }}

{{/* Everything that a revert reads: Region and mappings come from the journal. */}}
{{- define "lambda-chaos.revertEnv" -}}
{{- include "lambda-chaos.env" (list
      (include "lambda-chaos.tunableEnv" (list . (list "REVERT_TIMEOUT" "LOG_LEVEL")) | fromYamlArray)
      (include "lambda-chaos.credentialEnv" . | fromYamlArray)
      .Values.env) }}
{{- end }}

{{/* What chaos-runner would inject, for pods that it does not make. */}}
{{- define "lambda-chaos.podEnv" -}}
- name: CHAOS_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- end }}

{{/* REVERT_TIMEOUT in seconds, with the program's own default. */}}
{{- define "lambda-chaos.revertTimeout" -}}
{{- include "lambda-chaos.text" .Values.experiment.env.REVERT_TIMEOUT | default "600" }}
{{- end }}

{{/* list ROOT SECONDS: SECONDS or, where nobody said, a minute more than a revert takes at most. */}}
{{- define "lambda-chaos.grace" -}}
{{- index . 1 | default (add (include "lambda-chaos.revertTimeout" (index . 0)) 60) | int64 }}
{{- end }}
