{{/* The variables of NSM's pods, and of the original's where they differ from what is in the file. */}}
{{- define "vl3.env" -}}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: NODE_NAME
  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}
- name: NSM_NAME
  value: $(POD_NAME)
{{- if include "vl3.byOrdinal" . }}
- name: POD_INDEX
  valueFrom: {fieldRef: {fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']"}}
{{- end }}
{{- with .Values.ipamUniqueOctet }}
- name: NSE_IPAM_UNIQUE_OCTET
  value: {{ . | quote }}
{{- end }}
{{- with .Values.clusterName }}
- name: CLUSTER_NAME
  value: {{ . | quote }}
{{- end }}
{{- if include "vl3.isLegacy" . }}
- name: NSREGISTRY_ADDR
  value: {{ splitList ":" .Values.nsm.registry | first | quote }}
- name: NSREGISTRY_PORT
  value: {{ splitList ":" .Values.nsm.registry | last | quote }}
{{- else }}
- name: NSM_CONNECT_TO
  value: {{ .Values.nsm.connectTo | quote }}
{{- if .Values.nsm.createNetworkService }}
- name: NSM_REGISTER_SERVICE
  value: "false"
{{- end }}
{{- end }}
{{- if .Values.nsm.remoteDomains }}
- name: NSM_REMOTE_NS_IP_LIST
  valueFrom: {configMapKeyRef: {name: nsm-vl3-{{ .Values.nsm.serviceName }}, key: remote.ip_list}}
{{- end }}
{{- if and .Values.spiffe.enabled (not (include "vl3.isLegacy" .)) }}
- name: SPIFFE_ENDPOINT_SOCKET
  value: unix://{{ .Values.spiffe.socketDirectory }}/{{ .Values.spiffe.socketName }}
{{- end }}
{{- if .Values.insecure }}
- name: INSECURE
  value: "true"
{{- end }}
- name: METRICS_PORT
  value: {{ .Values.metricsPort | quote }}
- name: NSM_LOG_LEVEL
  value: {{ .Values.logLevel }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Containers that start before the NSE and end after it. */}}
{{- define "vl3.sidecars" -}}
- name: vpp
  image: "{{ .Values.dataplane.vpp.image.repository }}:{{ .Values.dataplane.vpp.image.tag }}"
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  restartPolicy: Always
  command: [/usr/bin/vpp, -c, /etc/vl3-vpp/startup.conf]
  startupProbe:
    exec: {command: [/usr/bin/vppctl, -s, /run/vpp/cli.sock, show, version]}
    periodSeconds: 1
    timeoutSeconds: 5
    failureThreshold: 60
  securityContext:
    runAsUser: 0
    allowPrivilegeEscalation: false
  resources:
    {{- toYaml .Values.dataplane.vpp.resources | nindent 4 }}
  volumeMounts:
    - {name: run-vpp, mountPath: /run/vpp}
    - {name: vpp-config, mountPath: /etc/vl3-vpp, readOnly: true}
    {{- if include "vl3.isLegacy" . }}
    # The sockets of its links are in the NSE's workspace.
    - {name: nsm-socket, mountPath: {{ .Values.nsm.socketDirectory }}}
    {{- end }}
{{- if eq .Values.dataplane.type "vpp-agent" }}
- name: vpp-agent
  image: "{{ .Values.dataplane.agent.image.repository }}:{{ .Values.dataplane.agent.image.tag }}"
  imagePullPolicy: {{ .Values.image.pullPolicy }}
  restartPolicy: Always
  command: [/bin/vpp-agent, -config-dir=/etc/vl3-vpp]
  securityContext:
    runAsUser: 0
    allowPrivilegeEscalation: false
  resources:
    {{- toYaml .Values.dataplane.agent.resources | nindent 4 }}
  volumeMounts:
    - {name: run-vpp, mountPath: /run/vpp}
    - {name: vpp-config, mountPath: /etc/vl3-vpp, readOnly: true}
{{- end }}
{{- end -}}
