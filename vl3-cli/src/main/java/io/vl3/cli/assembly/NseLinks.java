package io.vl3.cli.assembly;

import io.vl3.connection.Mechanism;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.element.ChooseMechanism;
import io.vl3.endpoint.element.LivenessProbe;
import io.vl3.endpoint.element.OfferKernelInterface;
import io.vl3.linux.Netns;
import io.vl3.nameserver.SocketPlace;
import io.vl3.vpp.VppStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the data plane puts into an NSE's chains.
 *
 * @param programming what programs a link once what is behind has answered
 * @param offering what answers with a mechanism, at the end of the server chain
 * @param asking what asks for a mechanism, and programs what was answered, in the peers' chain
 * @param probe whether packets pass to a peer, asked with a time limit
 * @param agent how the vpp-agent is doing, where there is one
 * @param place where a server opens its sockets to be reached over the links; empty if no socket
 *     can be
 */
record NseLinks(
    List<Endpoint> programming,
    Endpoint offering,
    List<Endpoint> asking,
    Function<Duration, LivenessProbe> probe,
    Supplier<Optional<VppStatus>> agent,
    Optional<SocketPlace> place) {

  NseLinks {
    programming = List.copyOf(programming);
    asking = List.copyOf(asking);
  }

  /** The forwarder makes the links, as interfaces in the NSE's namespace. */
  static NseLinks kernel(Netns netns) {
    OfferKernelInterface offer = new OfferKernelInterface(netns.url(), "vl3-");
    return new NseLinks(
        List.of(),
        new ChooseMechanism(Map.of(Mechanism.KERNEL, offer)),
        List.of(new AskKernelInterface(netns.url(), offer::interfaceName)),
        timeout -> new PingOtherSide(netns.url(), timeout),
        Optional::empty,
        Optional.of(netns::call));
  }
}
