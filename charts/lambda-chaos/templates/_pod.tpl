{{/*
dict root, args, env, settings: the spec of a pod of ours that chaos-runner does not make. `settings` may hold
nodeSelector, tolerations and affinity.
*/}}
{{- define "lambda-chaos.podSpec" -}}
{{- $root := .root -}}
serviceAccountName: {{ include "lambda-chaos.serviceAccountName" $root | toYaml }}
automountServiceAccountToken: true
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $root.Values.podSecurityContext | nindent 2 }}
{{- with .settings.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .settings.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: lambda-chaos
    image: {{ include "lambda-chaos.image" $root | toYaml }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    command: [/nodejs/bin/node]
    args: {{ toJson (concat (list "/app/main.cjs") .args) }}
    env:
      {{- .env | nindent 6 }}
    securityContext:
      {{- toYaml $root.Values.containerSecurityContext | nindent 6 }}
    {{- with $root.Values.resources }}
    resources:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with $root.Values.credentials }}
    {{- if .existingSecret }}
    volumeMounts:
      - name: credentials
        mountPath: {{ toYaml .mountPath }}
        readOnly: true
    {{- end }}
    {{- end }}
{{- with $root.Values.credentials }}
{{- if .existingSecret }}
volumes:
  - name: credentials
    secret:
      secretName: {{ toYaml .existingSecret }}
{{- end }}
{{- end }}
{{- end }}
