package io.vl3.cli.diagnose.scene;

import io.vl3.cli.config.NsmChoice;
import io.vl3.cli.config.NsmConfig;
import io.vl3.linux.Netns;
import io.vl3.transport.TransportUrl;
import java.util.Set;

/**
 * A manager that somebody is to talk to.
 *
 * @param url where it listens
 * @param nsm how it is talked to
 * @param from where sockets to it are opened
 * @param services network services that are looked for in its registry
 * @param nses names of the NSEs that talk to it
 * @param used whether a process runs that does; else one would
 */
public record ManagerView(
    TransportUrl url,
    NsmConfig nsm,
    Netns from,
    Set<String> services,
    Set<String> nses,
    boolean used) {

  /** Copies the sets. */
  public ManagerView {
    services = Set.copyOf(services);
    nses = Set.copyOf(nses);
  }

  /** Whether it is the machine's own, which is started by whoever needs it. */
  public boolean embedded() {
    return nsm.choice().api() == NsmChoice.Api.EMBEDDED;
  }

  /** Whether sockets to it are opened where this process is. */
  boolean isHere() {
    return url instanceof TransportUrl.Unix || from.equals(Netns.ofProcess());
  }
}
