package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.vl3.failure.EndpointException;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.Configurator;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.internal.ItemWords;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.internal.SharedItems;
import io.vl3.vpp.internal.VppException;
import io.vl3.vpp.internal.VppView;
import io.vl3.vpp.internal.direct.DirectVpp;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Everything that an owner has left in an agent and its VPP. Only the objects of an owner that does
 * not run are to be removed so: an owner that runs looks after its objects itself. NAT's global
 * part and its addresses stay, because owners share them and they carry no name.
 *
 * <p>Calls block, at most as long as each call of the agent may take.
 */
public final class VppLeftovers implements AutoCloseable {

  private static final String STAYS =
      "stays: the agent does not know it (expected: removed) [it goes when the agent is restarted]";

  private final Configurator client;
  private final OwnerNames names;
  private final List<Item> items;

  private VppLeftovers(Configurator client, OwnerNames names, List<Item> items) {
    this.client = client;
    this.names = names;
    this.items = List.copyOf(items);
  }

  /**
   * An object.
   *
   * @param kind its kind, as people call it
   * @param name its name for people
   * @param words its configuration, in words
   * @param failure why it was not removed; empty if it was, or nobody tried
   */
  public record Leftover(String kind, String name, String words, Optional<String> failure) {}

  /**
   * Looks for what an owner left.
   *
   * @param channel the caller's to shut down
   * @param agent the agent's address, for messages
   * @param owner as in {@link VppSettings#owner}
   * @param call how long one call may take
   * @throws EndpointException UNAVAILABLE or DEADLINE if there is no answer
   */
  public static VppLeftovers find(ManagedChannel channel, String agent, String owner, Duration call)
      throws EndpointException {
    OwnerNames names = new OwnerNames(owner);
    AgentClient client = new AgentClient(channel, agent, names.source(), call);
    return new VppLeftovers(client, names, items(read(client), names));
  }

  /**
   * Looks for what an owner left in a VPP that is spoken with directly.
   *
   * @param io where one task reads until it is closed
   * @throws EndpointException UNAVAILABLE or DEADLINE if there is no answer
   */
  public static VppLeftovers find(VppSocket vpp, String owner, Duration call, Executor io)
      throws EndpointException {
    OwnerNames names = new OwnerNames(owner);
    DirectVpp client =
        new DirectVpp(vpp.path(), vpp.descriptions(), names.source(), call, io, name -> false);
    try {
      client.check(VppSettings.of(owner));
      return new VppLeftovers(client, names, items(client.read(), names));
    } catch (VppException failure) {
      client.close();
      throw failure.toEndpointException();
    }
  }

  /** Lets go of what it opened itself. */
  @Override
  public void close() {
    client.close();
  }

  /** The objects found; one that depends on another comes before it. */
  public List<Leftover> found() {
    return items.stream().map(item -> leftover(item, Optional.empty())).toList();
  }

  /**
   * Removes all that was found, in one call if the agent takes it, else one by one, and looks
   * again: the agent answers well also to what it does not know.
   *
   * @return what became of each
   * @throws EndpointException UNAVAILABLE or DEADLINE if the agent was lost; some may be removed
   */
  public List<Leftover> remove() throws EndpointException {
    if (items.isEmpty()) {
      return List.of();
    }
    Map<String, String> failures = new HashMap<>();
    if (removed(items).isPresent()) {
      for (Item item : items) {
        removed(List.of(item)).ifPresent(why -> failures.put(item.key(), why));
      }
    }
    for (Item item : items(read(client), names)) {
      failures.putIfAbsent(item.key(), STAYS);
    }
    return items.stream()
        .map(item -> leftover(item, Optional.ofNullable(failures.get(item.key()))))
        .toList();
  }

  private static VppView read(Configurator client) throws EndpointException {
    try {
      return client.read();
    } catch (VppException failure) {
      throw failure.toEndpointException();
    }
  }

  private Optional<String> removed(List<Item> some) throws EndpointException {
    try {
      client.delete(some);
      return Optional.empty();
    } catch (VppException failure) {
      if (failure.kind() != VppException.Kind.REFUSED) {
        throw failure.toEndpointException();
      }
      return Optional.of(failure.getMessage());
    }
  }

  private static List<Item> items(VppView view, OwnerNames names) {
    Stream<Item> untold =
        view.running().stream()
            .filter(item -> item.kind() == ItemKind.INTERFACE)
            .filter(item -> view.told().stream().noneMatch(told -> told.key().equals(item.key())));
    return Stream.concat(view.told().stream(), untold)
        .filter(item -> isOf(names, item) && !SharedItems.isUsedByOthers(item, view, names))
        .sorted(Comparator.comparing(Item::kind).reversed().thenComparing(Item::name))
        .toList();
  }

  private static boolean isOf(OwnerNames names, Item item) {
    return switch (item.kind()) {
      case INTERFACE, ROUTE, NAT_INTERFACE -> names.idOf(item.interfaceName()).isPresent();
      case DNAT -> names.idOf(item.name()).isPresent();
      case VRF_TABLE -> item.label().equals(Optional.of(names.label()));
      case NAT_GLOBAL, NAT_POOL -> false;
    };
  }

  private static Leftover leftover(Item item, Optional<String> failure) {
    return new Leftover(item.kind().word(), ItemWords.name(item), ItemWords.of(item), failure);
  }
}
