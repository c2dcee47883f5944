{{- define "shiplog.name" -}}
{{- .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* Names of services are at most 63 characters, and the longest suffix has 17. */}}
{{- define "shiplog.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "shiplog.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{- define "shiplog.certificates" -}}
{{- .Values.certificates.secretName | default (printf "%s-certificates" (include "shiplog.fullname" .)) -}}
{{- end -}}

{{- define "shiplog.peers" -}}
{{- printf "%s-api-peers" (include "shiplog.fullname" .) -}}
{{- end -}}

{{/* What stays the same over upgrades. Call with (dict "root" $ "part" "api-server"). */}}
{{- define "shiplog.selector" -}}
app.kubernetes.io/name: {{ include "shiplog.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- define "shiplog.labels" -}}
{{ include "shiplog.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "shiplog.podMetadata" -}}
metadata:
  labels:
    {{- include "shiplog.labels" . | nindent 4 }}
  annotations:
    # Pods are replaced when the settings change.
    shiplog.dev/settings: {{ include (print .root.Template.BasePath "/settings.yaml") .root | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{/* Where pods go, and as whom they run; an agent says both by itself. */}}
{{- define "shiplog.podSpec" -}}
serviceAccountName: {{ include "shiplog.fullname" .root }}
automountServiceAccountToken: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- with .root.Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if .root.Values.topologySpread.keys }}
topologySpreadConstraints:
  {{- $context := . }}
  {{- range .root.Values.topologySpread.keys }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: {{ $context.root.Values.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "shiplog.selector" $context | nindent 8 }}
  {{- end }}
{{- end }}
{{- end -}}

{{- define "shiplog.container" -}}
image: {{ include "shiplog.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: [run, {{ .part }}, --config, /etc/shiplog/settings/shiplog.properties]
{{- end -}}

{{- define "shiplog.unprivileged" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{- define "shiplog.javaOptions" -}}
{{- with .Values.javaOptions -}}
- name: JDK_JAVA_OPTIONS
  value: {{ . | quote }}
{{- end -}}
{{- end -}}

{{/* A start may take as long as Kafka and the API servers need. */}}
{{- define "shiplog.probes" -}}
ports:
  - {name: management, containerPort: 9000}
startupProbe:
  httpGet: {path: /startz, port: management}
  periodSeconds: 2
  failureThreshold: 150
livenessProbe:
  httpGet: {path: /livez, port: management}
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: management}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{- define "shiplog.mounts" -}}
- {name: settings, mountPath: /etc/shiplog/settings, readOnly: true}
- {name: certificates, mountPath: /etc/shiplog/pki, readOnly: true}
{{- if .Values.kafka.secretName }}
- {name: kafka, mountPath: /etc/shiplog/kafka, readOnly: true}
{{- end }}
- {name: tmp, mountPath: /tmp}
{{- end -}}

{{/* Call with (dict "root" $ "files" (list …)): of the certificates a part gets what it needs. */}}
{{- define "shiplog.volumes" -}}
- name: settings
  configMap: {name: {{ include "shiplog.fullname" .root }}-settings}
- name: certificates
  secret:
    secretName: {{ include "shiplog.certificates" .root }}
    defaultMode: 0440
    {{- if .files }}
    items:
      {{- range .files }}
      - {key: {{ . }}, path: {{ . }}}
      {{- end }}
    {{- end }}
{{- if .root.Values.kafka.secretName }}
- name: kafka
  secret: {secretName: {{ .root.Values.kafka.secretName }}, defaultMode: 0440}
{{- end }}
- name: tmp
  emptyDir: {}
{{- end -}}
