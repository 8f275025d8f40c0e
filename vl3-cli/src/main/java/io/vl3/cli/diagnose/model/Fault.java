package io.vl3.cli.diagnose.model;

import java.util.Locale;

/**
 * The faults, in the order of causes: of two independent ones the earlier is reported first. {@link
 * Causality} holds which fault causes which.
 */
public enum Fault {
  CONFIGURATION_WRONG(
      "configuration wrong",
      "Correct the file as the mistakes say; `vl3 run --config FILE --verify` checks it again."),
  NO_PROCESS(
      "no process runs",
      "Start one with `vl3 run`, or name the directory with --run-dir, or a file with --config."),
  KERNEL_FEATURE_MISSING(
      "kernel feature missing",
      "Load the module, or use a kernel and rights with which the command that was tried works."),
  DISK_FULL(
      "disk full",
      "Free space in the directory, or name another one in state.directory or state.journal."),
  FILES_EXHAUSTED(
      "file descriptors exhausted",
      "Raise the limit (LimitNOFILE of a unit, `ulimit -n`) and start the process again."),
  CPU_THROTTLED(
      "CPU throttled", "Raise the CPU limit of the container or cgroup, or take it away."),
  NEIGHBOURS_FULL(
      "neighbour table full",
      "Raise the setting that is named in the machine's first network namespace, outside of"
          + " containers."),
  PROCESS_HANGS(
      "process hangs",
      "If it is stopped, `kill -CONT PID`; else `jstack PID` says where it hangs. Then start it again."),
  PROCESS_GONE("process gone", "Start the NSE again: links and addresses are as they were."),
  CLOCK_OFF(
      "clock off",
      "Set both clocks by NTP, as with `timedatectl set-ntp true`, on the machine that is wrong."),
  IDENTITY_MISSING(
      "identity missing",
      "Look after the SPIFFE agent or the files of nsm.tls: nothing is trusted without."),
  CERTIFICATE_EXPIRED(
      "certificate expired",
      "Have a new certificate issued, and find out why nobody renewed it in time."),
  TRUST_DOMAIN_WRONG(
      "trust domain wrong",
      "Give both sides certificates of one trust domain, or each the authorities of the other's."),
  WRONG_SOCKET(
      "wrong socket",
      "Correct nsm.connectTo (--connect-to, NSM_CONNECT_TO) to where the manager listens."),
  MANAGER_DOWN("manager down", "Start the NSM manager at the address, or look into its log."),
  REGISTRY_DOWN(
      "registry down", "Look after the registry behind the manager, or the domain that is named."),
  REGISTRY_AMNESIA(
      "registry forgets",
      "Look for a registry that restarts or loses its store, or for a second NSE of the same name."),
  IPAM_UNREACHABLE(
      "IPAM unreachable",
      "Start the IPAM or prefix server at the address, or correct serverAddress or prefixServers."),
  PREFIX_OVERLAP(
      "prefix overlap", "Give one of the two NSEs another prefix; the later registered gives way."),
  POOL_FULL("pool full", "Start another NSE, or give this one a larger prefix."),
  AGENT_DOWN("vpp-agent down", "Start the vpp-agent at the address, or correct dataplane.address."),
  VPP_DOWN("VPP down", "Start VPP, or correct dataplane.socket."),
  FORWARDING_OFF(
      "forwarding off",
      "Find out who switches it off (sysctl files, agents of the host); the NSE switches it on again."),
  REVERSE_PATH_STRICT(
      "reverse-path filter strict",
      "Set net.ipv4.conf.IF.rp_filter to 0 in the namespace, and find out who sets it."),
  FIREWALL_DROPS(
      "firewall drops",
      "Remove the rule, or let what it matches pass before; `nft list ruleset` in the namespace."),
  INTERFACE_RENAMED(
      "interface renamed",
      "Give it its name again (`ip link set NOW name BEFORE`), and find out who renames (udev)."),
  INTERFACE_MISSING(
      "interface missing",
      "Find out who deletes interfaces in the namespace; the link is made again by itself."),
  ROUTE_MISSING(
      "route missing", "Find out who deletes routes in the namespace; `vl3 routes` lists them."),
  MTU_BLACK_HOLE(
      "MTU black hole",
      "Let ICMP \"too big\" pass, or set the least MTU of the path on both interfaces of the link."),
  PEER_FORWARDS_NOTHING(
      "peer forwards nothing",
      "Run `vl3 diagnose` on the peer's machine: forwarding, rules or a filter there keep packets."),
  NO_PREFIX("no prefix", "Look after the IPAM or prefix server that is named."),
  MANAGER_NOT_OWNED("manager away", "Make the run directory writable, or free the address."),
  NOT_LISTENING("not listening", "Make the directory of the socket writable."),
  NOT_REGISTERED(
      "not registered", "Look after the manager that is named: no workload finds the NSE."),
  JOURNAL_FAILING(
      "journal failing", "Make the journal's directory writable: new workloads are refused."),
  LINKS_BROKEN("links broken", "`vl3 vpp diff` names what VPP lacks."),
  ROUTER_CHANGED(
      "router changed", "Find out who changes the NSE's namespace; it is mended by itself."),
  PEER_DOWN(
      "peer down", "See `vl3 events` for when it began, and run `vl3 diagnose` where the peer is."),
  NOT_ATTACHED(
      "workload not attached", "The reason comes from the manager or the NSE; it is tried again."),
  WORKLOAD_OFFLINE(
      "workload offline", "`vl3 path` names the hop that packets do not pass. It heals by itself."),
  TROUBLE("trouble", "`vl3 status` shows it with what to do.");

  private final String words;
  private final String remedy;

  Fault(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** In a few words, as the first line begins. */
  public String words() {
    return words;
  }

  /** The operator's remedy, as a sentence. */
  public String remedy() {
    return remedy;
  }

  /** As records have it: {@code manager-down}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
