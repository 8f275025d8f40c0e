package io.vl3.vpp.testing;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.api.ligato.vpp.l3.Route;
import io.vl3.vpp.internal.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A vpp-agent with its VPP in memory. It interprets what it is told as the real one does: stores by
 * source, values that wait for what they need, a request with one key twice refused whole, failures
 * of single values told with FAILED_PRECONDITION though the others were applied, a full resync that
 * deletes what no source has pushed. Its state shows as sorted text.
 *
 * <p>Thread-safe. {@link FakeAgentServer} puts it behind gRPC.
 */
public final class FakeAgent {

  /** What a client asked. */
  public record Call(String method, String source, int bytes, boolean fullResync) {}

  /** What a request ended with. */
  record Outcome(boolean ok, String message, Set<String> keys) {}

  private static final Item LOCAL0 =
      Item.of(
          Interface.newBuilder()
              .setName("UNTAGGED-local0")
              .setType(Interface.Type.SOFTWARE_LOOPBACK)
              .build());

  private static final String NAT_PLUGIN = "nat";

  /** Plugins of it or of VPP without which it shows nothing at all, and what it says then. */
  private static final Map<String, String> FAILURES =
      Map.of(
          "punt", "puntHandler is not available",
          "linux", "linuxIfHandler is not available",
          "of VPP with messages dhcp",
              "failed to dump interface DHCP clients: unable to process request: unknown message:"
                  + " dhcp_client_dump_51077d14");

  private final FakeVpp vpp = new FakeVpp();
  private final FakeScheduler scheduler = new FakeScheduler(vpp);
  private final Map<String, Map<String, Item>> stores = new TreeMap<>();
  private final FakeCalls calls = new FakeCalls();
  private final Map<Set<String>, Runnable> waiting = new LinkedHashMap<>();

  private FakeRelease release = FakeRelease.MASTER;
  private Set<String> lacking = Set.of();
  private Set<String> missingPlugins = Set.of();
  private boolean tellsModels = true;
  private UnaryOperator<Interface.Builder> shown = face -> face;

  /** An agent with an empty VPP, of the newest release. */
  public FakeAgent() {
    vpp.foreign(LOCAL0);
  }

  // ---- what a test arranges -----------------------------------------------------------------

  /** It is of that release, and lacks some of its models, as one that was built without them. */
  public synchronized FakeAgent becomes(FakeRelease other, String... without) {
    release = other;
    lacking = Set.of(without);
    return this;
  }

  /**
   * It was built without plugins: {@code punt}, {@code linux}, {@code nat}; or its VPP was. Its
   * models stay.
   */
  public synchronized FakeAgent missesPlugins(String... names) {
    missingPlugins = Set.of(names);
    scheduler.leaveUnimplemented(
        item -> item.kind().isNat() && missingPlugins.contains(NAT_PLUGIN));
    return this;
  }

  /** It tells its models, or has no service that does. */
  public synchronized FakeAgent tellsModels(boolean value) {
    tellsModels = value;
    return this;
  }

  /** Every call takes that long. */
  public FakeAgent takes(Duration duration, ScheduledExecutorService scheduler) {
    calls.take(duration, scheduler);
    return this;
  }

  /** Calls are accepted and never answered, or answered again (those that hang stay so). */
  public void hang(boolean value) {
    calls.hang(value);
  }

  /** VPP refuses objects. */
  public synchronized void refuse(Predicate<Item> which, String message) {
    vpp.refuse(which, message);
  }

  /** The agent itself finds objects invalid, until VPP refuses nothing any more. */
  public synchronized void findInvalid(Predicate<Item> which, String message) {
    scheduler.findInvalid(which, message);
  }

  /** No plugin of the agent cares for objects: it takes them, and does nothing. */
  public synchronized void leaveUnimplemented(Predicate<Item> which) {
    scheduler.leaveUnimplemented(which);
  }

  /** Somebody is told each call before it is answered. */
  public FakeAgent tells(Consumer<Call> listener) {
    calls.tell(listener);
    return this;
  }

  /** VPP refuses an address, on whatever interface. */
  public synchronized void refuseAddress(String address) {
    vpp.refuseAddress(address);
  }

  /** VPP refuses to remove objects. */
  public synchronized void refuseRemoval(Predicate<Item> which) {
    vpp.refuseRemoval(which);
  }

  /** VPP refuses nothing any more. */
  public synchronized void refuseNothing() {
    vpp.refuseNothing();
    scheduler.findNothingInvalid();
  }

  /** An interface that somebody made in VPP without the agent. */
  public synchronized void foreign(Interface face) {
    vpp.foreign(Item.of(face));
  }

  /** Somebody changes interfaces that run, past the agent. */
  public synchronized void alter(Predicate<Item> which, UnaryOperator<Interface.Builder> change) {
    vpp.running().stream().filter(which).forEach(item -> vpp.alter(item.key(), change));
  }

  /** A dump shows interfaces otherwise than they are. */
  public synchronized void shows(UnaryOperator<Interface.Builder> how) {
    shown = how;
  }

  /** Something that another client of the agent pushes. */
  public synchronized void push(String source, ConfigData config) {
    update(source, Item.all(config), false);
  }

  /** Objects that another client of the agent deletes, whoever told them. */
  public synchronized void take(String source, Predicate<Item> which) {
    delete(source, all().values().stream().filter(which).toList());
  }

  /**
   * The process ends and another starts: what it was told is forgotten, and VPP is emptied, but for
   * the routes.
   */
  public synchronized void restart() {
    stores.clear();
    scheduler.clear();
    vpp.clearInterfaces();
    vpp.foreign(LOCAL0);
    vpp.connected(true);
    waiting.clear();
  }

  /** VPP ends and another starts; the agent connects again, and tells it nothing by itself. */
  public synchronized void restartVpp() {
    vpp.clear();
    vpp.foreign(LOCAL0);
    vpp.connected(true);
    scheduler.refresh();
  }

  /** An earlier agent left a route, over what is now an interface of that name. */
  public synchronized void leave(Route route) {
    vpp.leave(route);
  }

  /** Somebody disables VPP's NAT past the agent. */
  public synchronized void disableNat() {
    vpp.disableNat();
  }

  /** VPP ends, and the agent has given up on it. */
  public synchronized void loseVpp() {
    vpp.clear();
    vpp.connected(false);
  }

  /** Objects vanish from VPP behind the agent's back. */
  public synchronized void vanish(Predicate<Item> which) {
    for (Item item : vpp.running()) {
      if (which.test(item)) {
        try {
          vpp.remove(item.key());
        } catch (FakeVpp.VppError away) {
          throw new IllegalStateException(away);
        }
      }
    }
  }

  // ---- what a test looks at -----------------------------------------------------------------

  /** What runs and what waits or has failed, one line each, sorted; without VPP's own things. */
  public synchronized String state() {
    return FakeStateText.of(vpp.running(), scheduler.values())
        + vpp.leftRoutes().stream()
            .filter(line -> line.contains(" over "))
            .map(line -> line + "\n")
            .collect(Collectors.joining());
  }

  /** What runs. */
  public synchronized List<Item> running() {
    return vpp.running();
  }

  /** What the agent was told by a source. */
  public synchronized Collection<Item> told(String source) {
    return List.copyOf(stores.getOrDefault(source, Map.of()).values());
  }

  /** The calls so far. */
  public List<Call> calls() {
    return calls.all();
  }

  /** How many calls of a method there were. */
  public long calls(String method) {
    return calls.all().stream().filter(call -> call.method().equals(method)).count();
  }

  /** Forgets the calls so far. */
  public void forgetCalls() {
    calls.forget();
  }

  /** How many interfaces were made, also anew in place of one of the same name. */
  public synchronized int interfacesCreated() {
    return vpp.interfacesCreated();
  }

  /** How many socket names VPP has ever been told; it frees none. */
  public synchronized int socketNames() {
    return vpp.sockets();
  }

  // ---- what the service does ----------------------------------------------------------------

  void record(Call call) {
    calls.add(call);
  }

  /** Handles a call at the agent's pace; a hanging agent never does. */
  void handle(Runnable handling) {
    calls.handle(handling);
  }

  synchronized FakeRelease release() {
    return release;
  }

  /** The models that it tells; empty if it tells none. */
  synchronized Optional<Set<String>> models() {
    Set<String> models = new HashSet<>(release.models());
    models.removeAll(lacking);
    return tellsModels ? Optional.of(models) : Optional.empty();
  }

  synchronized Outcome update(String source, List<Item> told, boolean fullResync) {
    Set<String> keys = new HashSet<>();
    List<Item> items = known(told);
    for (Item item : items) {
      if (!keys.add(item.key())) {
        return twice(item.key());
      }
    }
    Map<String, Item> store = stores.computeIfAbsent(source, name -> new LinkedHashMap<>());
    List<String> obsolete = new ArrayList<>();
    List<Item> puts = items;
    if (fullResync) {
      scheduler.refresh();
      store.clear();
      items.forEach(item -> store.put(item.key(), item));
      Map<String, Item> all = all();
      scheduler.values().stream()
          .map(value -> value.item().key())
          .filter(key -> !all.containsKey(key))
          .forEach(obsolete::add);
      wipe(all);
      puts = List.copyOf(all.values());
    } else {
      items.forEach(item -> store.put(item.key(), item));
    }
    return outcome(scheduler.apply(puts, obsolete), keys);
  }

  synchronized Outcome delete(String source, List<Item> items) {
    Set<String> keys = new HashSet<>();
    for (Item item : items) {
      if (!keys.add(item.key())) {
        return twice(item.key());
      }
    }
    Map<String, Item> store = stores.computeIfAbsent(source, name -> new LinkedHashMap<>());
    keys.forEach(store::remove);
    return outcome(scheduler.apply(List.of(), keys), keys);
  }

  /** All sources' configuration. */
  synchronized ConfigData get() {
    return Item.config(all().values());
  }

  /** Why it cannot show what runs; empty if it can. */
  synchronized Optional<String> dumpFailure() {
    if (!vpp.isConnected()) {
      return Optional.of("failed to dump interface: not connected to VPP");
    }
    return FAILURES.entrySet().stream()
        .filter(failure -> missingPlugins.contains(failure.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** What runs. */
  synchronized ConfigData dump() {
    List<Item> all = new ArrayList<>(vpp.running());
    all.removeIf(item -> !vpp.shows(item));
    all.addAll(vpp.shownLeftRoutes());
    ConfigData running = FakeDump.of(all, shown);
    return missingPlugins.contains(NAT_PLUGIN)
        ? running
        : running.toBuilder().setNat44Global(vpp.translation()).build();
  }

  /** Runs when none of the keys waits any more; at once if none does. */
  synchronized void whenDone(Set<String> keys, Runnable done) {
    if (keys.stream().noneMatch(scheduler::isPending)) {
      done.run();
    } else {
      waiting.put(keys, done);
    }
  }

  synchronized void cancel(Set<String> keys) {
    waiting.remove(keys);
  }

  /** Fields of a message that an agent does not know are passed over. */
  private List<Item> known(List<Item> told) {
    return told.stream().filter(item -> !lacking.contains(item.kind().model())).toList();
  }

  private Map<String, Item> all() {
    Map<String, Item> all = new LinkedHashMap<>();
    stores.values().forEach(all::putAll);
    return all;
  }

  /** What a full resync does beyond its own source. */
  private void wipe(Map<String, Item> told) {
    for (Item item : vpp.running()) {
      boolean wiped =
          item.message() instanceof Interface face
              && !told.containsKey(item.key())
              && !scheduler.knows(item.key())
              && !item.equals(LOCAL0)
              && face.getType() != Interface.Type.DPDK;
      if (wiped) {
        vanish(other -> other.key().equals(item.key()));
      }
    }
  }

  private Outcome outcome(Map<String, String> errors, Set<String> keys) {
    List<Set<String>> done =
        waiting.keySet().stream()
            .filter(set -> set.stream().noneMatch(scheduler::isPending))
            .toList();
    done.forEach(set -> Objects.requireNonNull(waiting.remove(set)).run());
    if (errors.isEmpty()) {
      return new Outcome(true, "", keys);
    }
    List<String> words =
        errors.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList();
    return new Outcome(false, "KeyErrors: [" + String.join(", ", words) + "]", keys);
  }

  private static Outcome twice(String key) {
    return new Outcome(
        false, "found multiple key-value pairs with same key: \"%s\"".formatted(key), Set.of());
  }
}
