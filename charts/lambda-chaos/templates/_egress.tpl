{{/* The values of the network policy: what every pod in the cluster needs. */}}
{{- define "lambda-chaos.clusterEgress" -}}
# DNS. To any address: for some network plugins no CIDR covers the DNS pods.
- ports:
    {{- range .dns.ports }}
    - port: {{ int64 . }}
      protocol: UDP
    - port: {{ int64 . }}
      protocol: TCP
    {{- end }}
{{ include "lambda-chaos.egress" (list "The Kubernetes API server." .apiServer) }}
{{- end }}

{{/* list COMMENT RULE: the CIDRs and TCP ports of RULE. */}}
{{- define "lambda-chaos.egress" -}}
# {{ index . 0 }}
{{- with index . 1 }}
- to:
    {{- range .cidrs }}
    - ipBlock:
        cidr: {{ toYaml . }}
    {{- end }}
  ports:
    {{- range .ports }}
    - port: {{ int64 . }}
      protocol: TCP
    {{- end }}
{{- end }}
{{- end }}
