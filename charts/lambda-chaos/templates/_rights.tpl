{{/* Lists of RBAC rules: for the Roles, and for what the ChaosExperiment says that it needs. */}}

{{/* chaos-runner's, which runs under the same account: Litmus has one for both. */}}
{{- define "lambda-chaos.runnerRules" -}}
- apiGroups: [litmuschaos.io]
  resources: [chaosengines]
  verbs: [get, update]
- apiGroups: [litmuschaos.io]
  resources: [chaosexperiments, chaosresults]
  verbs: [get]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [create, get, delete]
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list]
- apiGroups: ['']
  resources: [events]
  verbs: [get, create, update]
{{- with include "lambda-chaos.mounted" (list . "secrets") | fromYamlArray }}
# Looked up before they are mounted. By name: nobody needs the other Secrets of the namespace.
- apiGroups: ['']
  resources: [secrets]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end }}
{{- with include "lambda-chaos.mounted" (list . "configMaps") | fromYamlArray }}
- apiGroups: ['']
  resources: [configmaps]
  resourceNames: {{ toJson . }}
  verbs: [get]
{{- end }}
{{- end }}

{{/* list ROOT secrets|configMaps: the names of what experiments mount. */}}
{{- define "lambda-chaos.mounted" -}}
{{- $kind := index . 1 }}
{{- with index . 0 }}
{{- $names := ternary .Values.rbac.secretNames .Values.rbac.configMapNames (eq $kind "secrets") }}
{{- if and (eq $kind "secrets") .Values.credentials.existingSecret }}
{{- $names = append $names .Values.credentials.existingSecret }}
{{- end }}
{{- range $engine := .Values.engines }}
{{- range get $engine $kind | default list }}
{{- $names = append $names .name }}
{{- end }}
{{- end }}
{{- uniq $names | sortAlpha | toYaml }}
{{- end }}
{{- end }}

{{- define "lambda-chaos.experimentRules" -}}
# The ChaosResult holds the verdict and the journal; the others tell which mappings are in the hands of another run.
- apiGroups: [litmuschaos.io]
  resources: [chaosresults]
  verbs: [get, list, create, patch]
# Patched by a probe in the background that stops the run.
- apiGroups: [litmuschaos.io]
  resources: [chaosengines]
  verbs: [get, patch]
- apiGroups: ['']
  resources: [events]
  verbs: [get, create, patch]
# The restart guard looks for other pods of its Job.
- apiGroups: ['']
  resources: [pods]
  verbs: [get, list]
{{- if .Values.rbac.probePods }}
# Commands of cmdProbes in source mode run in pods of their own.
- apiGroups: ['']
  resources: [pods]
  verbs: [create, delete]
- apiGroups: ['']
  resources: [pods/exec]
  verbs: [get, create]
{{- end }}
{{- with .Values.rbac.probeRules }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "lambda-chaos.sweeperRules" -}}
- apiGroups: [litmuschaos.io]
  resources: [chaosresults]
  verbs: [get, list, patch]
# A run whose Job or pod is alive is left alone.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [list]
- apiGroups: ['']
  resources: [pods]
  verbs: [list]
{{- end }}
