package io.vl3.cli.config.file;

import io.vl3.cli.config.DataPlaneConfig;
import io.vl3.cli.config.MetricsConfig;
import io.vl3.cli.config.TracingConfig;
import io.vl3.cli.config.file.ConfigKey.Kind;
import io.vl3.vpp.VppSocket;
import java.util.List;

/** All keys of the file, in the order the reference shows them. */
public final class ConfigKeys {

  private static final String IPAM = "endpoints[].vl3.ipam.";

  /** The table. */
  public static final List<ConfigKey> ALL =
      List.of(
          key("endpoints", Kind.SECTIONS, "The network service endpoints of this process."),
          key(
                  "endpoints[].name",
                  Kind.TEXT,
                  "The network service it provides, NAME or NAME@DOMAIN; required.")
              .variable("NSM_SERVICE_NAMES, ENDPOINT_NETWORK_SERVICE (weaker than the file)"),
          key(
                  "endpoints[].nseName",
                  Kind.TEXT,
                  "Its own name, NAME or NAME@DOMAIN; NAME must differ between endpoints.")
              .standard("the network service")
              .variable("NSM_NAME, NSE_POD_NAME (weaker than the file)"),
          key("endpoints[].labels", Kind.MAP, "Labels it is registered with.")
              .variable(
                  "NSM_LABELS, ENDPOINT_LABELS (if the file has none), POD_NAME, NODE_NAME,"
                      + " CLUSTER_NAME (weaker than the file)"),
          key(
              "endpoints[].nseControl",
              Kind.SECTION,
              "As whom the central IPAM is asked, and where workloads are registered by name."),
          key("endpoints[].nseControl.name", Kind.TEXT, "Accepted, without effect."),
          key("endpoints[].nseControl.address", Kind.TEXT, "Told to the central IPAM."),
          key(
              "endpoints[].nseControl.accessToken",
              Kind.SECRET,
              "Accepted, without effect; never shown."),
          key(
              "endpoints[].nseControl.connectivityDomain",
              Kind.TEXT,
              "Told to the central IPAM, and with each workload that is registered by name."),
          key(
                  "endpoints[].nseControl.workloadRegistry",
                  Kind.TEXT,
                  "Where workloads are registered by name, host:port of an svreg server; none:"
                      + " nowhere.")
              .standard("vl3.ipam.serverAddress, without TLS, as in the original"),
          key("endpoints[].vl3", Kind.SECTION, "The virtual layer 3; required."),
          key("endpoints[].vl3.ipam", Kind.SECTION, "Addresses; required."),
          key(
              IPAM + "defaultPrefixPool",
              Kind.TEXT_OR_LIST,
              "The network's pool; for dual stack two, as a list or separated by a comma; required"
                  + " without prefixServers."),
          key(
                  IPAM + "linkLocal",
                  Kind.BOOLEAN,
                  "Allow a pool of IPv4's link-local addresses, 169.254.0.0/16.")
              .standard("false"),
          key(
                  IPAM + "prefixLength",
                  Kind.INTEGER_OR_LIST,
                  "Length of each endpoint's own prefix, and how much of a pool a peer may claim; a"
                      + " list has one per pool. Beside prefix, prefixServers, and the pod's octet"
                      + " in IPv4 it says the second alone.")
              .standard("24 for IPv4, 64 for IPv6")
              .range(0, 128),
          key(IPAM + "routes", Kind.LIST, "More prefixes that workloads route to the vL3.")
              .standard("[]"),
          key(IPAM + "serverAddress", Kind.TEXT, "The central IPAM, host:port; empty for none.")
              .variable("CLUSTER_NAME, NSE_POD_NAME (as whom it is asked)"),
          key(
                  IPAM + "prefixServers",
                  Kind.LIST,
                  "NSM v1's prefix servers, one per family: tcp://host:port or unix:///path.")
              .standard("[]")
              .variable("NSM_PREFIX_SERVER_URL"),
          key(IPAM + "addressing", Kind.CHOICE, "How workload links are addressed.")
              .choices("point-to-point", "point-to-point-31", "unnumbered")
              .standard("point-to-point; unnumbered with prefixServers"),
          key(IPAM + "excludedPrefixes", Kind.LIST, "Never given to anybody.").standard("[]"),
          key(IPAM + "prefix", Kind.TEXT_OR_LIST, "The endpoint's own prefix, fixed."),
          key(IPAM + "prefixIndex", Kind.INTEGER, "The n-th prefix of each pool, counted from 0.")
              .range(0, Integer.MAX_VALUE)
              .standard("NSE_IPAM_UNIQUE_OCTET, then NSE_POD_IP's third octet, then 0"),
          key(IPAM + "restSeconds", Kind.INTEGER, "How long a freed address is given to nobody.")
              .range(0, 86_400)
              .standard("0"),
          key("endpoints[].vl3.mesh", Kind.SECTION, "How it is linked with its peers."),
          key(
                  "endpoints[].vl3.mesh.topology",
                  Kind.CHOICE,
                  "mesh: each endpoint with each; hub: spokes with hubs only. One for the network.")
              .choices("mesh", "hub")
              .standard("mesh"),
          key("endpoints[].vl3.mesh.role", Kind.CHOICE, "What it is in topology hub.")
              .choices("hub", "spoke")
              .standard("spoke"),
          key(
              "endpoints[].vl3.mesh.peerLabels",
              Kind.MAP,
              "Labels that a peer must carry, and that requests to peers carry."),
          key("endpoints[].vl3.ifName", Kind.TEXT, "Interface name at the endpoint.")
              .standard("endpoint0"),
          key("endpoints[].vl3.nameServers", Kind.LIST, "DNS servers told to workloads.")
              .standard("[]"),
          key("endpoints[].vl3.dnsZones", Kind.LIST, "Zones those servers answer for.")
              .standard("[]"),
          key("endpoints[].vl3.dns", Kind.SECTION, "Names of workloads, by a server of our own."),
          key(
                  "endpoints[].vl3.dns.templates",
                  Kind.LIST,
                  "How a workload is named, each as in {{ index .Labels \"podName\" }}.{{"
                      + " .NetworkService }}.; none: no name server.")
              .standard("[]")
              .variable("NSM_DNS_TEMPLATES"),
          key(
                  "endpoints[].vl3.dns.foreignNames",
                  Kind.CHOICE,
                  "What is answered about names that are not the network's; nxdomain only where"
                      + " workloads have no other name server.")
              .choices("refused", "nxdomain")
              .standard("refused"),
          key("nsm", Kind.SECTION, "Which Network Service Mesh to use."),
          key(
                  "nsm.api",
                  Kind.CHOICE,
                  "embedded: the machine's own; v1: any NSM v1 manager; 0.2: the original's NSM.")
              .choices("embedded", "v1", "0.2")
              .standard("see below"),
          key("nsm.connectTo", Kind.TEXT, "The manager: unix:///path or tcp://host:port.")
              .variable("NSM_CONNECT_TO"),
          key(
                  "nsm.listenOn",
                  Kind.TEXT,
                  "Where the manager reaches our endpoint, if we have one: unix:// or tcp://.")
              .variable("NSM_LISTEN_ON"),
          key(
              "nsm.v02",
              Kind.SECTION,
              "The NSM with the 0.2 API: the only one with api 0.2, else one more beside the"
                  + " other."),
          key(
              "nsm.v02.manager",
              Kind.TEXT,
              "The manager's own socket, which is asked for a workspace: unix:///path."),
          key("nsm.v02.workspace", Kind.TEXT, "The workspace's directory, where one is there.")
              .standard("/var/lib/networkservicemesh")
              .variable("WORKSPACE"),
          key("nsm.v02.serverSocket", Kind.TEXT, "The manager's socket for us.")
              .standard("nsm.server.io.sock in the workspace")
              .variable("NSM_SERVER_SOCKET"),
          key("nsm.v02.clientSocket", Kind.TEXT, "Where the manager reaches us.")
              .standard("nsm.client.io.sock in the workspace")
              .variable("NSM_CLIENT_SOCKET"),
          key(
                  "nsm.v02.registry",
                  Kind.TEXT,
                  "Where endpoints are searched, host:port; unless set, through the manager.")
              .variable("NSREGISTRY_ADDR, NSREGISTRY_PORT"),
          key("nsm.tls", Kind.SECTION, "Mutual TLS, for everything that speaks NSM."),
          key(
                  "nsm.tls.source",
                  Kind.CHOICE,
                  "Where our X.509 SVID comes from: the SPIFFE Workload API, PEM files, or none.")
              .choices("spiffe", "files", "none")
              .standard(
                  "files if one is given, spiffe if workloadApi is, or, for a v1 manager, its"
                      + " variable; else none"),
          key(
                  "nsm.tls.workloadApi",
                  Kind.TEXT,
                  "The Workload API: unix:///path or tcp://host:port.")
              .variable("SPIFFE_ENDPOINT_SOCKET"),
          key(
              "nsm.tls.certificate",
              Kind.TEXT,
              "PEM file: our SVID, then what leads to an authority."),
          key("nsm.tls.key", Kind.TEXT, "PEM file: its private key, EC P-256 in PKCS 8."),
          key("nsm.tls.trust", Kind.TEXT, "PEM file: the authorities of our trust domain."),
          key(
                  "nsm.tokenLifetime",
                  Kind.TEXT,
                  "How long our tokens last at most, as in 10m or 1h30m.")
              .standard("10m")
              .variable("NSM_MAX_TOKEN_LIFETIME"),
          key("nsm.insecure", Kind.BOOLEAN, "Allow tcp:// without TLS.")
              .standard("false")
              .variable("INSECURE"),
          key(
                  "nsm.remoteDomains",
                  Kind.LIST,
                  "Other domains to find peers in; each side names the other. host:port of a vl3"
                      + " manager, or a DNS domain without port behind NSM's proxies.")
              .standard("[]")
              .variable("NSM_REMOTE_NS_IP_LIST"),
          key("nsm.requestTimeout", Kind.TEXT, "How long a request that we start may take.")
              .standard("15s")
              .variable("NSM_REQUEST_TIMEOUT"),
          key(
                  "nsm.dialTimeout",
                  Kind.TEXT,
                  "How long a connection to a server may take to be made.")
              .standard("3s")
              .variable("NSM_DIAL_TIMEOUT"),
          key("nsm.idleTimeout", Kind.TEXT, "Ends the process after that long without connections.")
              .standard("0, never")
              .variable("NSM_IDLE_TIMEOUT"),
          key("nsm.registerService", Kind.BOOLEAN, "Register the network service too.")
              .standard("true")
              .variable("NSM_REGISTER_SERVICE"),
          key("nsm.unregisterItself", Kind.BOOLEAN, "Unregister the endpoint at the end.")
              .standard("true")
              .variable("NSM_UNREGISTER_ITSELF"),
          key("nsm.requestLabels", Kind.MAP, "Labels of our requests to peers.")
              .variable("NSM_REQUEST_LABELS"),
          key("nsm.livenessCheck", Kind.BOOLEAN, "Probe the links to peers.")
              .standard("true")
              .variable("NSM_LIVENESS_CHECK_ENABLED"),
          key("nsm.livenessInterval", Kind.TEXT, "The time between two probes of a link.")
              .standard("1200ms")
              .variable("NSM_LIVENESS_CHECK_INTERVAL"),
          key("nsm.livenessTimeout", Kind.TEXT, "How long the answer to a probe may take.")
              .standard("500ms")
              .variable("NSM_LIVENESS_CHECK_TIMEOUT"),
          key("nsm.manager", Kind.SECTION, "The embedded manager, which this process then runs."),
          key("nsm.manager.listenOn", Kind.TEXT, "tcp://host:port for other nodes' managers."),
          key("nsm.manager.tunnelIp", Kind.TEXT, "This node's address for vxlan tunnels."),
          key("nsm.manager.insecure", Kind.BOOLEAN, "Allow the tcp:// above without TLS.")
              .standard("false"),
          key("dataplane", Kind.SECTION, "What carries the packets."),
          key(
                  "dataplane.type",
                  Kind.CHOICE,
                  "kernel: Linux; vpp: VPP; vpp-agent: VPP through its agent.")
              .choices("kernel", "vpp", "vpp-agent")
              .standard("kernel"),
          key("dataplane.address", Kind.TEXT, "The vpp-agent, host:port.")
              .standard(DataPlaneConfig.STANDARD_ADDRESS),
          key("dataplane.socket", Kind.TEXT, "The API socket of VPP, with type vpp.")
              .standard(VppSocket.STANDARD_PATH.toString()),
          key(
                  "dataplane.apiDirectory",
                  Kind.TEXT,
                  "Where the .api.json files of VPP are; 24.06 and later tell by themselves.")
              .standard("/usr/share/vpp/api"),
          key(
                  "dataplane.kernel",
                  Kind.BOOLEAN,
                  "Offer kernel interfaces too, with type vpp: in a namespace with a way to VPP.")
              .standard("true with the embedded manager"),
          key("dataplane.vrf", Kind.INTEGER, "VPP's routing table of all links.")
              .range(0, Integer.MAX_VALUE)
              .standard("0"),
          key(
                  "dataplane.leastMtu",
                  Kind.INTEGER,
                  "MTU in bytes below which a workload's wish is refused: all others would have to"
                      + " follow.")
              .range(68, 65_535)
              .standard("1280"),
          key("dataplane.memif", Kind.SECTION, "How VPP's MEMIF interfaces are made."),
          key("dataplane.memif.ringSize", Kind.INTEGER, "Descriptors per ring, a power of two.")
              .range(2, 16_384)
              .standard("512"),
          key("dataplane.memif.rxMode", Kind.CHOICE, "How VPP learns of packets.")
              .choices("interrupt", "polling", "adaptive")
              .standard("interrupt"),
          key("dataplane.memif.rxQueues", Kind.INTEGER, "Receive queues.")
              .range(1, 255)
              .standard("1"),
          key("dataplane.memif.txQueues", Kind.INTEGER, "Transmit queues.")
              .range(1, 255)
              .standard("1"),
          key("dataplane.memif.mtu", Kind.INTEGER, "MTU in bytes; 0: VPP's own.")
              .range(0, 65_535)
              .standard("0"),
          key(
                  "dataplane.memif.socketDirectory",
                  Kind.TEXT,
                  "Where the sockets are, as VPP sees it; none: names without files, as NSM v1 has"
                      + " them.")
              .standard(
                  "memif in state.directory with nsm.api embedded, the workspace with 0.2, else"
                      + " none"),
          key("dataplane.nat", Kind.SECTION, "NAT44 of what leaves the vL3."),
          key("dataplane.nat.address", Kind.TEXT, "The IPv4 address that workloads leave by.")
              .variable("NSE_NAT_IP"),
          key("dataplane.leftovers", Kind.SECTION, "What an earlier life left in VPP."),
          key("dataplane.leftovers.graceSeconds", Kind.INTEGER, "How long it is kept.")
              .range(0, 86_400)
              .standard("600"),
          key("dataplane.leftovers.keep", Kind.BOOLEAN, "Only report it then.").standard("false"),
          key("state", Kind.SECTION, "What outlives the process."),
          key("state.directory", Kind.TEXT, "Run directory: sockets, locks, records of links.")
              .standard("/run/vl3")
              .variable("VL3_RUN_DIR"),
          key("state.durable", Kind.BOOLEAN, "Keep in a journal who has which addresses.")
              .standard("true"),
          key("state.journal", Kind.TEXT, "Directory of the journals, one file per endpoint.")
              .standard("journal in state.directory"),
          key("stop", Kind.SECTION, "How the process ends."),
          key(
                  "stop.deadline",
                  Kind.TEXT,
                  "How long it may take to put everything away when the process is asked to end;"
                      + " what is left then is said, and stays.")
              .standard("25s"),
          key("metrics", Kind.SECTION, "Figures for Prometheus, at http://ADDRESS:PORT/metrics."),
          key("metrics.port", Kind.INTEGER, "The port; none: no figures.")
              .range(1, 65_535)
              .standard("2112 in a pod of the original, else none")
              .variable("METRICS_PORT"),
          key("metrics.address", Kind.TEXT, "The address to listen on.")
              .standard(MetricsConfig.STANDARD_ADDRESS),
          key(
                  "metrics.originalNames",
                  Kind.BOOLEAN,
                  "Show the original's figures too, nse_vl3_..., beside ours.")
              .standard("true in a pod of the original, else false"),
          key("tracing", Kind.SECTION, "Spans, sent to an OTLP receiver such as Jaeger."),
          key("tracing.enabled", Kind.BOOLEAN, "Record and send spans.")
              .standard("true where an endpoint is given, by the file or by OTEL_...")
              .variable(
                  "OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, TELEMETRY, TRACER_ENABLED,"
                      + " JAEGER_DISABLED"),
          key("tracing.endpoint", Kind.TEXT, "The receiver: http:// or https://host:port, gRPC.")
              .standard(TracingConfig.STANDARD_ENDPOINT)
              .variable(
                  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT,"
                      + " NSM_OPEN_TELEMETRY_ENDPOINT, JAEGER_AGENT_HOST, JAEGER_SERVICE_HOST (both"
                      + " weaker than the file)"),
          key(
                  "tracing.sampling",
                  Kind.RATIO,
                  "The share of the traces begun here that is recorded; who asks us decides for"
                      + " its own.")
              .standard("1")
              .variable(
                  "OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG, JAEGER_SAMPLER_TYPE,"
                      + " JAEGER_SAMPLER_PARAM"),
          key("tracing.serviceName", Kind.TEXT, "As whom the process shows in traces.")
              .standard("the endpoint's name, vl3-run for several, or vl3-client")
              .variable("OTEL_SERVICE_NAME, JAEGER_SERVICE_NAME"),
          key("tracing.attributes", Kind.MAP, "What else is said of the process.")
              .variable("OTEL_RESOURCE_ATTRIBUTES, JAEGER_TAGS (added)"),
          key("tracing.certificate", Kind.TEXT, "PEM file: the authorities of an https endpoint.")
              .standard("the JDK's")
              .variable("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE, OTEL_EXPORTER_OTLP_CERTIFICATE"),
          key("log", Kind.SECTION, "What is logged, to stderr."),
          key("log.format", Kind.CHOICE, "The form of a line: for people, or an object of JSON.")
              .choices("text", "json")
              .standard("text"),
          key("log.level", Kind.CHOICE, "The threshold.")
              .choices("trace", "debug", "info", "warn", "error", "off")
              .standard("warn")
              .variable("NSM_LOG_LEVEL"),
          key("admin", Kind.SECTION, "The admin service for other machines."),
          key(
              "admin.listenOn",
              Kind.TEXT,
              "tcp://HOST:PORT: with nsm.tls for those whom allow names, without on the loopback"
                  + " alone; none: only on its unix socket."),
          key(
              "admin.allow",
              Kind.LIST,
              "SPIFFE IDs, and trust domains (spiffe://DOMAIN), that may ask there; required with"
                  + " nsm.tls beyond the loopback."));

  private ConfigKeys() {}

  /** The keys allowed in a section; the empty pattern is the top level. */
  public static List<ConfigKey> in(String pattern) {
    return ALL.stream().filter(key -> key.parent().equals(pattern)).toList();
  }

  /** The key with the path. */
  public static ConfigKey at(String path) {
    return ALL.stream().filter(key -> key.path().equals(path)).findFirst().orElseThrow();
  }

  private static ConfigKey key(String path, Kind kind, String meaning) {
    return ConfigKey.of(path, kind, meaning);
  }
}
