package io.vl3.cli.soak;

import io.vl3.failure.EndpointException;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import java.io.IOException;

/** A workload with a namespace of its own, which has one operation at a time. */
final class Guest {

  private final SoakNetwork network;
  private final SoakClients clients;
  private final Forsaken forsaken;
  private final IcmpProbe probe;
  private Netns netns;

  Guest(SoakNetwork network, SoakClients clients, Forsaken forsaken, IcmpProbe probe)
      throws IOException {
    this.network = network;
    this.clients = clients;
    this.forsaken = forsaken;
    this.probe = probe;
    this.netns = network.newWorkload();
  }

  SoakNetwork network() {
    return network;
  }

  SoakClients clients() {
    return clients;
  }

  IcmpProbe probe() {
    return probe;
  }

  Netns netns() {
    return netns;
  }

  /** A new client of this workload. */
  Visitor visitor() throws EndpointException {
    return clients.visitor(netns);
  }

  /** Leaves the namespace with what may be in it, which has to go by itself, for a new one. */
  void forsake() throws IOException {
    forsaken.add(netns);
    netns = network.newWorkload();
  }

  /** Takes the namespace along, as a pod's end does, for a new one. */
  void raze() throws IOException {
    Netns gone = netns;
    netns = network.newWorkload();
    Netns.delete(String.valueOf(gone.path().getFileName()));
  }

  /** Removes the namespace. */
  void end() throws IOException {
    Netns.delete(String.valueOf(netns.path().getFileName()));
  }
}
