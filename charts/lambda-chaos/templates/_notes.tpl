{{/* A ChaosEngine on the target, to paste. The old runner's pod goes first: chaos-operator would take it for the new one. */}}
{{- define "lambda-chaos.notesEngine" -}}
kubectl -n {{ include "lambda-chaos.namespace" . }} delete pod lambda-chaos-runner --ignore-not-found   # of an earlier run
kubectl apply -f - <<'EOF'
apiVersion: litmuschaos.io/v1alpha1
kind: ChaosEngine
metadata:
  name: lambda-chaos
  namespace: {{ include "lambda-chaos.namespace" . | toYaml }}
spec:
  engineState: active
  chaosServiceAccount: {{ include "lambda-chaos.serviceAccountName" . | toYaml }}
  jobCleanUpPolicy: retain
  terminationGracePeriodSeconds: {{ include "lambda-chaos.grace" (list . nil) }}
  experiments:
    - name: {{ include "lambda-chaos.fault" . }}
      spec:
        components:
          env:
            - name: TOTAL_CHAOS_DURATION
              value: '30'
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
EOF
{{- end }}

{{/*
A Job that finishes the run of one engine, to paste. An upgrade that switches the sweeper on would be refused by Helm 4 as
long as the run's engineState is not what the chart says.
*/}}
{{- define "lambda-chaos.notesRevert" -}}
job=$(kubectl create -o name -f - <<'EOF'
apiVersion: batch/v1
kind: Job
metadata:
  generateName: lambda-chaos-revert-
  namespace: {{ include "lambda-chaos.namespace" . | toYaml }}
spec:
  template:
    metadata:
      labels:
        app.kubernetes.io/component: revert
        {{- include "lambda-chaos.podMark" . | nindent 8 }}
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: {{ include "lambda-chaos.grace" (list . nil) }}
      {{- $env := include "lambda-chaos.env" (list (include "lambda-chaos.podEnv" . | fromYamlArray) (include "lambda-chaos.revertEnv" . | fromYamlArray)) }}
      {{- $engine := keys .Values.engines | sortAlpha | first | default "ENGINE" }}
      {{- include "lambda-chaos.podSpec" (dict "root" . "args" (list "revert" "--engine" $engine) "env" $env "settings" dict) | nindent 6 }}
EOF
)
until kubectl -n {{ include "lambda-chaos.namespace" . }} logs -f "$job"; do sleep 2; done   # waits for its pod
{{- end }}

{{/* A YAML list: the command that enables each mapping. */}}
{{- define "lambda-chaos.notesUndo" -}}
{{- $commands := list }}
{{- range prepend (values .Values.engines) .Values.target }}
{{- $region := .region | default $.Values.target.region }}
{{- range .eventUuids }}
{{- $uuid := regexReplaceAll "^arn:.*:" . "" }}
{{- $commands = append $commands (printf "aws lambda update-event-source-mapping --region %s --uuid %s --enabled" ($region | default "REGION") $uuid) }}
{{- end }}
{{- end }}
{{- uniq $commands | toYaml }}
{{- end }}

{{/* A YAML list of sentences. */}}
{{- define "lambda-chaos.notesWarnings" -}}
{{- $warnings := list }}
{{- $irsa := hasKey .Values.serviceAccount.annotations "eks.amazonaws.com/role-arn" }}
{{- $fromEnv := false }}
{{- range .Values.env }}
{{- if regexMatch "^AWS_(ACCESS_KEY_ID|AUTHENTICATION_SECRET|SHARED_CREDENTIALS_FILE|CONTAINER_CREDENTIALS_.*|WEB_IDENTITY_TOKEN_FILE)$" .name }}
{{- $fromEnv = true }}
{{- end }}
{{- end }}
{{- if and .Values.credentials.existingSecret $irsa }}
{{- $warnings = append $warnings "credentials.existingSecret beats the role in serviceAccount.annotations: the role is not used." }}
{{- end }}
{{- if not (or .Values.credentials.existingSecret $irsa $fromEnv (not .Values.serviceAccount.create)) }}
{{- $warnings = append $warnings "No AWS credentials are configured. That is right with EKS Pod Identity alone; else see docs/how-to/install.md." }}
{{- end }}
{{- if not .Values.sweeper.enabled }}
{{- $warnings = append $warnings "There is no sweeper: if pod and Job of a run are gone, nothing enables its mappings until somebody asks. --set sweeper.enabled=true" }}
{{- end }}
{{- if not .Values.rbac.create }}
{{- $warnings = append $warnings "rbac.create is false: somebody else has to give the service account the rights in manifests/rbac.yaml." }}
{{- end }}
{{- range $name, $engine := .Values.engines }}
{{- $grace := include "lambda-chaos.grace" (list $ $engine.terminationGracePeriodSeconds) | int }}
{{- if lt $grace (include "lambda-chaos.revertTimeout" $ | int) }}
{{- $warnings = append $warnings (printf "engines.%s.terminationGracePeriodSeconds is %d: a pod that is told to end may be killed before its revert gives up (REVERT_TIMEOUT)." $name $grace) }}
{{- end }}
{{- end }}
{{- toYaml $warnings }}
{{- end }}
