{{/* A MariaDB server with a volume. Given root, name, serverId, env (of it alone) and args (of it alone). */}}
{{- define "vl3.mysql" -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels:
    app.kubernetes.io/name: {{ .name }}
    {{- include "vl3.common" .root | nindent 4 }}
spec:
  replicas: 1
  serviceName: {{ .name }}
  selector:
    matchLabels:
      app.kubernetes.io/name: {{ .name }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ .name }}
        {{- include "vl3.common" .root | nindent 8 }}
        {{- if .root.Values.spiffe.enabled }}
        spiffe.io/spiffe-id: "true"
        {{- end }}
      annotations:
        {{- include "vl3.attach" .root | nindent 8 }}
    spec:
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext: {fsGroup: 999}
      containers:
        - name: {{ .name }}
          image: "{{ .root.Values.mysql.image.repository }}:{{ .root.Values.mysql.image.tag }}"
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args:
            - --server-id={{ .serverId }}
            - --log-bin
            {{- with .args }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          env:
            {{- range $variable, $key := dict "MARIADB_ROOT_PASSWORD" "root-password" "MARIADB_REPLICATION_USER" "replication-user" "MARIADB_REPLICATION_PASSWORD" "replication-password" }}
            - name: {{ $variable }}
              valueFrom: {secretKeyRef: {name: {{ $.root.Values.mysql.secret }}, key: {{ $key }}}}
            {{- end }}
            {{- with .env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: mysql
              containerPort: 3306
          startupProbe:
            tcpSocket: {port: mysql}
            periodSeconds: 2
            failureThreshold: 150
          readinessProbe:
            tcpSocket: {port: mysql}
            periodSeconds: 5
          securityContext:
            runAsNonRoot: true
            runAsUser: 999
            runAsGroup: 999
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            seccompProfile: {type: RuntimeDefault}
          resources:
            requests: {cpu: 100m, memory: 256Mi}
            limits: {memory: 1Gi}
          volumeMounts:
            - {name: data, mountPath: /var/lib/mysql}
      {{- if not .root.Values.mysql.persistence.enabled }}
      volumes:
        - name: data
          emptyDir: {}
      {{- end }}
  {{- if .root.Values.mysql.persistence.enabled }}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        {{- include "vl3.claim" .root.Values.mysql.persistence | nindent 8 }}
  {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    app.kubernetes.io/name: {{ .name }}
    {{- include "vl3.common" .root | nindent 4 }}
spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: {{ .name }}
  ports:
    - name: mysql
      port: 3306
      targetPort: mysql
{{- end -}}
