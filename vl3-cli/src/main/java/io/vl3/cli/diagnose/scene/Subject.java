package io.vl3.cli.diagnose.scene;

import io.vl3.api.admin.v1.Event;
import io.vl3.api.admin.v1.HealthItem;
import io.vl3.api.admin.v1.Nse;
import io.vl3.cli.admin.Member;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A process that is looked at, or a configuration without one.
 *
 * @param name for people
 * @param pid the process's number; empty: there is none, or it is not known here
 * @param runDirectory where it meets others
 * @param setup what it was given, or would be
 * @param says what it says of itself; empty: it does not
 * @param events what has happened in it, oldest first
 * @param silence why it says nothing; empty text: it does, or is none
 */
public record Subject(
    String name,
    Optional<Long> pid,
    Path runDirectory,
    Setup setup,
    Optional<Member> says,
    List<Event> events,
    String silence) {

  /** Copies the list. */
  public Subject {
    events = List.copyOf(events);
  }

  /** Whether a process stands behind it, whether it answers or not. */
  public boolean runs() {
    return says.isPresent() || !silence.isEmpty();
  }

  /** Its NSEs, as it says. */
  public List<Nse> nses() {
    return says.map(member -> member.status().getNsesList()).orElse(List.of());
  }

  /** Its troubles, as it says. */
  public List<HealthItem> troubles() {
    return says.map(member -> member.status().getHealthList()).orElse(List.of());
  }

  /** Names of its NSEs, as it says or as it is configured. */
  public Set<String> nseNames() {
    Set<String> names = new TreeSet<>();
    nses().forEach(nse -> names.add(DomainName.withoutDomain(nse.getName())));
    setup.nses().ifPresent(config -> config.endpoints().forEach(nse -> names.add(nse.bareName())));
    return names;
  }

  /** Where its sockets are opened from. */
  public Netns netns() {
    return pid.map(number -> new Netns(Path.of("/proc/" + number + "/ns/net")))
        .filter(Subject::isElsewhere)
        .orElse(Netns.ofProcess());
  }

  private static boolean isElsewhere(Netns netns) {
    try {
      return netns.exists() && !netns.inodeUrl().equals(Netns.ofProcess().inodeUrl());
    } catch (IOException gone) {
      return false;
    }
  }
}
