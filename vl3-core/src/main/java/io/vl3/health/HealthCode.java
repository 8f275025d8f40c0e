package io.vl3.health;

import java.util.Locale;

/** The kinds of trouble, each with what to do about it. Names are part of the admin API. */
public enum HealthCode {
  PEER_DOWN(
      Severity.ERROR,
      "See `vl3 events` for when it began; the peer's own `vl3 status` says what it lacks. It is dialled again"
          + " by itself."),
  PREFIX_OVERLAP(
      Severity.ERROR, "Give one of the two NSEs another prefix; the later registered gives way."),
  PREFIX_SERVER_AWAY(
      Severity.WARNING,
      "Look after the IPAM or prefix server that is named; the prefix is kept as long as it was granted."),
  NO_PREFIX(Severity.ERROR, "Look after the IPAM or prefix server that is named."),
  POOL_FULL(Severity.ERROR, "Start another NSE, or give this one a larger prefix."),
  NOT_REGISTERED(
      Severity.ERROR,
      "Look after the manager that is named: no workload finds the NSE until then."),
  REGISTRATION_DROPPED(
      Severity.WARNING, "Look for a second NSE of the same name, or for a registry that forgets."),
  REGISTRY_AWAY(
      Severity.ERROR,
      "Look after the registry or domain that is named: peers that come or go are not seen until then."),
  CLOCK_DIFFERS(
      Severity.ERROR,
      "Set both clocks by NTP: times of registrations and tokens are wrong until then."),
  IDENTITY_EXPIRED(
      Severity.ERROR,
      "Look after the SPIFFE agent or the files of nsm.tls: everybody refuses the process until then."),
  NOT_LISTENING(Severity.ERROR, "Make the directory of the socket writable."),
  MANAGER_AWAY(Severity.ERROR, "Make the run directory writable, or free the address."),
  JOURNAL_FAILING(
      Severity.ERROR,
      "Free space on the disk of the journal: new workloads are refused until then."),
  AGENT_AWAY(Severity.ERROR, "Look after the vpp-agent and its VPP."),
  LINKS_BROKEN(Severity.ERROR, "`vl3 vpp diff` names what VPP lacks."),
  ROUTER_CHANGED(
      Severity.WARNING, "Find out who changes the NSE's namespace; it is mended by itself."),
  NOT_ATTACHED(
      Severity.ERROR, "The reason comes from the manager or the NSE; it is tried again by itself."),
  WORKLOAD_OFFLINE(
      Severity.ERROR, "`vl3 path` names the hop that packets do not pass. It heals by itself.");

  private final Severity severity;
  private final String remedy;

  HealthCode(Severity severity, String remedy) {
    this.severity = severity;
    this.remedy = remedy;
  }

  /** How bad it is. */
  public Severity severity() {
    return severity;
  }

  /** The operator's remedy, as a sentence. */
  public String remedy() {
    return remedy;
  }

  /** As people read it: {@code peer-down}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
