{{/* The values of the network policy: what every pod in the cluster needs. */}}
{{- define "lambda-chaos.clusterEgress" -}}
{{- include "lambda-chaos.notEmpty" (list "dns.ports" (.dns | default dict).ports "53") -}}
# DNS. To any address: for some network plugins no CIDR covers the DNS pods.
- ports:
    {{- range .dns.ports }}
    - port: {{ int64 . }}
      protocol: UDP
    - port: {{ int64 . }}
      protocol: TCP
    {{- end }}
{{ include "lambda-chaos.egress" (list "The Kubernetes API server." "apiServer" .apiServer) }}
{{- end }}

{{/* list COMMENT NAME RULE: the CIDRs and TCP ports of networkPolicy.NAME, which is RULE. */}}
{{- define "lambda-chaos.egress" -}}
{{- $rule := index . 2 | default dict }}
{{- include "lambda-chaos.notEmpty" (list (printf "%s.cidrs" (index . 1)) $rule.cidrs "10.20.0.0/16") -}}
{{- include "lambda-chaos.notEmpty" (list (printf "%s.ports" (index . 1)) $rule.ports "443") -}}
# {{ index . 0 }}
- to:
    {{- range $rule.cidrs }}
    - ipBlock:
        cidr: {{ toYaml . }}
    {{- end }}
  ports:
    {{- range $rule.ports }}
    - port: {{ int64 . }}
      protocol: TCP
    {{- end }}
{{- end }}

{{/* list NAME VALUES EXAMPLE: fails where networkPolicy.NAME is empty. The schema does not see a value that null took away. */}}
{{- define "lambda-chaos.notEmpty" -}}
{{- if not (index . 1) }}
{{- fail (printf "networkPolicy.%s: is empty, which Kubernetes takes for all there are; wanted is at least one, e.g. [%s]" (index . 0) (index . 2)) }}
{{- end }}
{{- end }}
