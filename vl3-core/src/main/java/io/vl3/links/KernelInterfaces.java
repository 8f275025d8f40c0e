package io.vl3.links;

import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.AskKernelInterface;
import io.vl3.endpoint.element.ChooseMechanism;
import io.vl3.endpoint.element.OfferKernelInterface;
import java.util.List;
import java.util.Map;

/**
 * Links by mechanism KERNEL: a forwarder makes them as interfaces in the NSE's network namespace.
 * This only names the namespace, in which others have to see to forwarding.
 */
public final class KernelInterfaces implements NseLinks {

  private static final String NAME_PREFIX = "vl3-";

  private final Endpoint offering;
  private final List<Endpoint> asking;

  /**
   * Links in a namespace.
   *
   * @param netnsUrl the namespace as {@code file://PATH} or {@code inode://DEV/INO}
   */
  public KernelInterfaces(String netnsUrl) {
    OfferKernelInterface offer = new OfferKernelInterface(netnsUrl, NAME_PREFIX);
    this.offering = new ChooseMechanism(Map.of(Mechanism.KERNEL, offer));
    this.asking = List.of(new AskKernelInterface(netnsUrl, offer::interfaceName));
  }

  /** None: the forwarder programs the link. */
  @Override
  public List<Endpoint> programming() {
    return List.of();
  }

  @Override
  public Endpoint offering() {
    return offering;
  }

  @Override
  public List<Endpoint> asking() {
    return asking;
  }
}
