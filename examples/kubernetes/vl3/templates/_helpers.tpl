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
networkservicemesh.io: kernel://{{ .Values.nsm.serviceName }}/nsm0
{{- end -}}
