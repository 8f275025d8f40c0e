package io.vl3.vpp;

import io.grpc.ManagedChannel;
import io.vl3.failure.EndpointException;
import io.vl3.vpp.internal.AgentClient;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.ItemKind;
import io.vl3.vpp.internal.ItemWords;
import io.vl3.vpp.internal.OwnerNames;
import io.vl3.vpp.internal.StaleRoutes;
import io.vl3.vpp.internal.VppException;
import io.vl3.vpp.internal.VppView;
import io.vl3.vpp.internal.direct.DirectVpp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * The configuration of an agent beside what runs in its VPP, object by object. An object of a vl3
 * is recognised by its name, whichever client sent it to the agent.
 *
 * @param models the models that the agent knows; empty if it has no service to ask
 * @param rows the configured objects, those of an owner and of an interface together; then those
 *     that only run
 */
public record VppInspection(Optional<AgentModels> models, List<Row> rows) {

  /** Reading has no store of its own; the name shows in the agent's log. */
  private static final String READER = "vl3-cli";

  /** Owner by owner, and an interface before what hangs on it. */
  private static final Comparator<Item> ORDER =
      Comparator.comparing((Item item) -> owner(item).orElse(""))
          .thenComparing(Item::interfaceName)
          .thenComparing(Item::kind)
          .thenComparing(Item::name);

  private static final String LABEL = "vl3\\.[0-9a-v]{8}";

  /** Copies the list. */
  public VppInspection {
    rows = List.copyOf(rows);
  }

  /** The result for an object. */
  public enum Verdict {
    /** It runs as it is configured. */
    SAME("ok"),
    /** It is configured; of this kind of object the agent does not show what runs. */
    UNSEEN("told"),
    /** It runs otherwise than it is configured. */
    DIFFERS("differs"),
    /** It is configured and does not run. */
    MISSING("missing"),
    /** It runs under a name of ours, and is not configured. */
    STRAY("stray"),
    /** It is somebody else's. */
    FOREIGN("foreign");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** As people read it. */
    public String word() {
      return word;
    }

    /** Whether the configuration differs from what runs. */
    public boolean isDifference() {
      return this == DIFFERS || this == MISSING || this == STRAY;
    }
  }

  /**
   * An object.
   *
   * @param kind its kind, as people call it
   * @param name its name for people
   * @param owner the owner's tag in its name; empty for shared and for foreign objects
   * @param desired its configuration, in words; empty: none
   * @param running what runs, in words; empty: nothing, or not shown
   * @param why the difference, in words; empty: none
   */
  public record Row(
      String kind,
      String name,
      Optional<String> owner,
      Verdict verdict,
      String desired,
      String running,
      String why) {}

  /** Whether all objects of ours run as they are configured. */
  public boolean isClean() {
    return rows.stream().noneMatch(row -> row.verdict().isDifference());
  }

  /** The rows of ours only. */
  public VppInspection ours() {
    return with(row -> row.verdict() != Verdict.FOREIGN);
  }

  /** The rows that differ only. */
  public VppInspection differences() {
    return with(row -> row.verdict().isDifference());
  }

  /**
   * Reads an agent; blocks, at most as long as three calls may take.
   *
   * @param channel the caller's to shut down
   * @param agent the agent's address, for messages
   * @param call how long one call may take
   * @throws EndpointException UNAVAILABLE or DEADLINE if there is no answer
   */
  public static VppInspection read(ManagedChannel channel, String agent, Duration call)
      throws EndpointException {
    try {
      AgentClient client = new AgentClient(channel, agent, READER, call);
      return of(client.models(), client.read());
    } catch (VppException failure) {
      throw failure.toEndpointException();
    }
  }

  /**
   * Reads VPP itself, which keeps no configuration apart from what runs, so that nothing differs.
   * Blocks, at most as long as some calls may take.
   *
   * @param io where one task reads until it is done
   * @throws EndpointException UNAVAILABLE or DEADLINE if there is no answer
   */
  public static VppInspection read(VppSocket vpp, Duration call, Executor io)
      throws EndpointException {
    try (DirectVpp client =
        new DirectVpp(vpp.path(), vpp.descriptions(), READER, call, io, name -> false)) {
      client.check(VppSettings.of(READER));
      return of(Optional.empty(), client.read());
    } catch (VppException failure) {
      throw failure.toEndpointException();
    }
  }

  private VppInspection with(Predicate<Row> which) {
    return new VppInspection(models, rows.stream().filter(which).toList());
  }

  private static VppInspection of(Optional<AgentModels> models, VppView view) {
    boolean natIsOurs = view.told().stream().anyMatch(VppInspection::isOurTranslation);
    List<Item> told = view.told().stream().sorted(ORDER).toList();
    List<Row> rows = new ArrayList<>();
    Set<Item> seen = new HashSet<>();
    for (Item item : told) {
      view.running(item).ifPresent(seen::add);
      rows.add(told(view, item, natIsOurs));
    }
    Set<Item> stale = Set.copyOf(StaleRoutes.in(view));
    view.running().stream()
        .filter(item -> !seen.contains(item))
        .filter(item -> isConfigured(item) || stale.contains(item))
        .sorted(ORDER)
        .forEach(item -> rows.add(stray(item)));
    return new VppInspection(models, rows);
  }

  private static Row told(VppView view, Item item, boolean natIsOurs) {
    Optional<String> owner = owner(item);
    Optional<Item> running = view.running(item);
    Optional<String> trouble = view.trouble(item);
    Verdict verdict;
    if (owner.isEmpty() && !(natIsOurs && isShared(item))) {
      verdict = Verdict.FOREIGN;
    } else if (!item.kind().dumped()) {
      verdict = Verdict.UNSEEN;
    } else if (running.isEmpty()) {
      verdict = Verdict.MISSING;
    } else {
      verdict = trouble.isPresent() ? Verdict.DIFFERS : Verdict.SAME;
    }
    return new Row(
        item.kind().word(),
        ItemWords.name(item),
        owner,
        verdict,
        ItemWords.of(item),
        item.kind().dumped() ? running.map(ItemWords::of).orElse("") : "",
        verdict == Verdict.DIFFERS ? trouble.orElse("") : "");
  }

  private static Row stray(Item item) {
    Optional<String> owner = owner(item);
    return new Row(
        item.kind().word(),
        ItemWords.name(item),
        owner,
        owner.isPresent() ? Verdict.STRAY : Verdict.FOREIGN,
        "",
        ItemWords.of(item),
        "");
  }

  /** VPP itself makes routes to connected networks, and NAT's defaults: those do not count. */
  private static boolean isConfigured(Item item) {
    return item.kind() == ItemKind.INTERFACE
        || item.kind() == ItemKind.NAT_INTERFACE
        || item.kind() == ItemKind.DNAT;
  }

  private static boolean isShared(Item item) {
    return item.kind() == ItemKind.NAT_GLOBAL || item.kind() == ItemKind.NAT_POOL;
  }

  private static boolean isOurTranslation(Item item) {
    return (item.kind() == ItemKind.NAT_INTERFACE || item.kind() == ItemKind.DNAT)
        && owner(item).isPresent();
  }

  private static Optional<String> owner(Item item) {
    return switch (item.kind()) {
      case INTERFACE, ROUTE, NAT_INTERFACE ->
          OwnerNames.parts(item.interfaceName()).map(OwnerNames.Parts::owner);
      case DNAT -> OwnerNames.parts(item.name()).map(OwnerNames.Parts::owner);
      case VRF_TABLE -> item.label().filter(l -> l.matches(LABEL)).map(l -> l.substring(4));
      case NAT_GLOBAL, NAT_POOL -> Optional.empty();
    };
  }
}
