package io.vl3.nsm.manager;

/**
 * Who runs the machine's manager, and how; kept for those who join, and for who takes over.
 *
 * @param settings the settings that it runs with
 * @param process the process that runs it
 * @param brought whether that process brought settings itself, and did not only find them
 * @param reachable whether other domains reach it where the settings say
 */
record Tenure(ManagerSettings settings, long process, boolean brought, boolean reachable) {

  /** Nobody has run one here. */
  static final Tenure NONE = new Tenure(ManagerSettings.NONE, 0, false, false);

  /** Whether the manager runs as somebody asks who brings settings. */
  boolean serves(ManagerSettings asked) {
    return asked.orElse(settings).equals(settings) && (asked.listenOn().isEmpty() || reachable);
  }
}
