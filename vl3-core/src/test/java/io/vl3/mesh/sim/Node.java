package io.vl3.mesh.sim;

import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerLabels;
import java.time.Duration;
import java.util.Optional;

/** A machine that an NSE runs on, and what it remembers between two runs. */
final class Node {

  final String place;
  final String name;
  final Domain domain;
  final Kernel kernel;
  String prefix;
  Duration skew = Duration.ZERO;
  Optional<EndpointRecord> remembered = Optional.empty();
  Optional<Nse> running = Optional.empty();

  /** Hub or spoke; empty in a full mesh. */
  Optional<String> role = Optional.empty();

  /** It is to be started again later. */
  boolean due;

  Node(String place, String name, Domain domain, String prefix, Kernel kernel) {
    this.kernel = kernel;
    this.place = place;
    this.name = name;
    this.domain = domain;
    this.prefix = prefix;
  }

  boolean isSpoke() {
    return role.equals(Optional.of(PeerLabels.SPOKE));
  }

  /** A domain: a registry of its own, known to others by a name. */
  record Domain(String name, SimulatedRegistry registry) {

    String place() {
      return "registry:" + name;
    }
  }

  @Override
  public String toString() {
    return place + "/" + name + "@" + domain.name();
  }
}
