{{/*
Names that come from values are printed with toYaml, which quotes a namespace 2024, an account 007 and an engine null:
without quotes the API server gets a number or nothing.
*/}}

{{/* The one fault of this chart, and the name of its ChaosExperiment: ChaosEngines and ChaosResults refer to it. */}}
{{- define "lambda-chaos.fault" -}}
lambda-toggle-event-mapping-state
{{- end }}

{{- define "lambda-chaos.namespace" -}}
{{- .Values.namespaceOverride | default .Release.Namespace }}
{{- end }}

{{- define "lambda-chaos.name" -}}
{{- include "lambda-chaos.cut" (list (.Values.nameOverride | default .Chart.Name) 63) }}
{{- end }}

{{- define "lambda-chaos.fullname" -}}
{{- $name := include "lambda-chaos.name" . }}
{{- $own := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- include "lambda-chaos.cut" (list (.Values.fullnameOverride | default $own) 63) }}
{{- end }}

{{/* list TEXT MAX: TEXT in at most MAX characters, and at its end none that no name or label may have there. */}}
{{- define "lambda-chaos.cut" -}}
{{- index . 0 | trunc (int (index . 1)) | trimAll "-._" }}
{{- end }}

{{/* list ROOT SUFFIX MAX: the full name with a suffix, in at most MAX characters. */}}
{{- define "lambda-chaos.nameOf" -}}
{{- $suffix := index . 1 }}
{{- $stem := include "lambda-chaos.cut" (list (include "lambda-chaos.fullname" (index . 0)) (sub (index . 2) (add (len $suffix) 1))) }}
{{- printf "%s-%s" $stem $suffix }}
{{- end }}

{{/* A CronJob adds 11 characters to its name, so Kubernetes allows 52. */}}
{{- define "lambda-chaos.sweeperName" -}}
{{- include "lambda-chaos.nameOf" (list . "sweeper" 52) }}
{{- end }}

{{- define "lambda-chaos.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "lambda-chaos.fullname" .) }}
{{- else }}
{{- required "serviceAccount.name: is required with serviceAccount.create=false; wanted is the name of a service account that exists, e.g. litmus-admin" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "lambda-chaos.image" -}}
{{- with .Values.image }}
{{- if .digest }}
{{- printf "%s@%s" .repository .digest }}
{{- else }}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end }}
{{- end }}
{{- end }}
