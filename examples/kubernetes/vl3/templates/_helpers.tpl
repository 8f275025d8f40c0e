{{- define "vl3.nse" -}}vl3-nse-{{ .Values.nsm.serviceName }}{{- end -}}

{{/* By these the original's scripts find the pods. They are in selectors: never change them. */}}
{{- define "vl3.nseSelector" -}}
networkservicemesh.io/app: {{ include "vl3.nse" . | quote }}
networkservicemesh.io/impl: {{ .Values.nsm.serviceName | quote }}
{{- end -}}

{{- define "vl3.common" -}}
app.kubernetes.io/part-of: vl3
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "vl3.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{- define "vl3.onVpp" -}}
{{- if ne .Values.dataplane.type "kernel" }}true{{ end -}}
{{- end -}}

{{- define "vl3.isLegacy" -}}
{{- if eq .Values.nsm.api "0.2" }}true{{ end -}}
{{- end -}}

{{/* Whether VPP, and perhaps its agent, run beside the NSE; else they are in its image. */}}
{{- define "vl3.hasSidecars" -}}
{{- if and (include "vl3.onVpp" .) (not .Values.nsm.devicePlugin) }}true{{ end -}}
{{- end -}}

{{/* Whether what speaks NSM has an identity from SPIRE. In 0.2 it is one or the other. */}}
{{- define "vl3.hasIdentity" -}}
{{- if and .Values.spiffe.enabled (not (and (include "vl3.isLegacy" .) .Values.insecure)) }}true{{ end -}}
{{- end -}}

{{/* The device plugin brings SPIRE's socket by itself. */}}
{{- define "vl3.mountsSpire" -}}
{{- if and (include "vl3.hasIdentity" .) (not .Values.nsm.devicePlugin) }}true{{ end -}}
{{- end -}}

{{/* The workload registry, if it is another one than the IPAM's server. */}}
{{- define "vl3.workloadRegistry" -}}
{{- if .Values.nseControl.workloadRegistry }}{{ .Values.nseControl.workloadRegistry }}{{ else if .Values.names.enabled }}vl3-names:50051{{ end -}}
{{- end -}}

{{/* Where SPIRE's agent is, as in the section nsm.tls. */}}
{{- define "vl3.tls" -}}
{source: spiffe, workloadApi: "unix://{{ .Values.spiffe.socketDirectory }}/{{ .Values.spiffe.socketName }}"}
{{- end -}}

{{/* Whether the ordinal of a pod says which prefix it has: nothing else does. */}}
{{- define "vl3.byOrdinal" -}}
{{- if not (or .Values.prefixServers .Values.nseControl.nsr.addr .Values.ipamUniqueOctet) }}true{{ end -}}
{{- end -}}

{{/* How workloads are named: as given, else by pod and service; with VPP not at all. */}}
{{- define "vl3.names" -}}
{{- $default := list (printf "{{ index .Labels %q }}.{{ .NetworkService }}." "podName") -}}
{{- if include "vl3.onVpp" . }}[]{{ else if kindIs "slice" .Values.dns.templates }}{{ toJson .Values.dns.templates }}{{ else }}{{ toJson $default }}{{ end -}}
{{- end -}}

{{- define "vl3.config" -}}
endpoints:
- name: {{ .Values.nsm.serviceName | quote }}
  labels:
    app: {{ include "vl3.nse" . | quote }}
{{- with .Values.nseControl.nsr.addr }}
    wcm/nsr.addr: {{ . | quote }}
    wcm/nsr.port: {{ $.Values.nseControl.nsr.port | quote }}
{{- end }}
  nseControl:
    name: {{ .Values.nsm.serviceName | quote }}
    address: {{ .Values.nseControl.nsr.addr | quote }}
    connectivityDomain: "{{ .Values.nsm.serviceName }}-connectivity-domain"
{{- with include "vl3.workloadRegistry" . }}
    workloadRegistry: {{ . | quote }}
{{- end }}
  vl3:
    ipam:
      defaultPrefixPool: {{ .Values.nseControl.ipam.defaultPrefixPool | quote }}
{{- with .Values.nseControl.nsr.addr }}
      serverAddress: "ipam-{{ . }}:50051"
{{- end }}
      prefixLength: {{ .Values.nseControl.ipam.prefixLength }}
      routes: {{ .Values.nseControl.ipam.routes | toJson }}
{{- with .Values.prefixServers }}
      prefixServers: {{ . | toJson }}
{{- end }}
    ifName: "endpoint0"
{{- with .Values.nseControl.nameserver }}
    nameServers: [{{ . | quote }}]
    dnsZones: [{{ $.Values.nseControl.dnszone | quote }}]
{{- end }}
{{- with include "vl3.names" . | fromJsonArray }}
    dns:
      templates: {{ . | toJson }}
{{- end }}
{{- if include "vl3.isLegacy" . }}
nsm:
  api: "0.2"
{{- if not .Values.nsm.devicePlugin }}
  v02: {manager: {{ .Values.nsm.connectTo | quote }}}
{{- end }}
{{- if include "vl3.hasIdentity" . }}
  tls: {{ include "vl3.tls" . }}
{{- end }}
{{- end }}
{{- if include "vl3.onVpp" . }}
dataplane:
  type: {{ .Values.dataplane.type }}
{{- if eq .Values.dataplane.type "vpp" }}
  socket: /run/vpp/api.sock
{{- else }}
  address: localhost:9113
{{- end }}
{{- with .Values.dataplane.natAddress }}
  nat: {address: {{ . | quote }}}
{{- end }}
{{- end }}
{{- if .Values.state.persistence.enabled }}
state: {journal: /var/lib/vl3/journal}
{{- end }}
{{- end -}}

{{- define "vl3.claim" -}}
accessModes: [ReadWriteOnce]
{{- with .storageClass }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests:
    storage: {{ .size }}
{{- end -}}

{{/* By this a workload gets an interface in the vL3. */}}
{{- define "vl3.attach" -}}
{{- if include "vl3.isLegacy" . -}}
ns.networkservicemesh.io: {{ .Values.nsm.serviceName }}
{{- else -}}
networkservicemesh.io: kernel://{{ .Values.nsm.serviceName }}/nsm0
{{- end -}}
{{- end -}}

{{/* Labels of a connection, which stand behind that. */}}
{{- define "vl3.query" -}}
{{- $pairs := list }}
{{- range $key, $value := . }}{{ $pairs = append $pairs (printf "%s=%s" $key $value) }}{{ end }}
{{- with $pairs }}?{{ join "&" . }}{{ end -}}
{{- end -}}
