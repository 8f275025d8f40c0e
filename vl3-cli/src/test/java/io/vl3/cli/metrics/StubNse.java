package io.vl3.cli.metrics;

import io.vl3.dns.NameTable;
import io.vl3.links.InstalledLinks;
import io.vl3.status.ConnectionStatus;
import io.vl3.status.NseStatus;
import io.vl3.status.NseView;
import java.util.List;
import java.util.Optional;

/** An NSE that looks as the test has it. */
public final class StubNse implements NseView {

  private volatile NseStatus status;
  private volatile List<ConnectionStatus> connections = List.of();
  private volatile Optional<InstalledLinks> installed = Optional.empty();

  /** One without links. */
  public StubNse(NseStatus status) {
    this.status = status;
  }

  /** How it looks from now on. */
  public void status(NseStatus value) {
    status = value;
  }

  /** Which links it has from now on. */
  void links(List<ConnectionStatus> made, InstalledLinks seen) {
    connections = made;
    installed = Optional.of(seen);
  }

  @Override
  public NseStatus status() {
    return status;
  }

  @Override
  public List<ConnectionStatus> connections() {
    return connections;
  }

  @Override
  public List<NameTable.Named> names() {
    return List.of();
  }

  @Override
  public Optional<InstalledLinks> installed() {
    return installed;
  }
}
