package io.vl3.vpp.internal.direct;

import io.vl3.links.InstalledLinks.Counters;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.VppApi;
import io.vl3.vpp.internal.Configurator;
import io.vl3.vpp.internal.Item;
import io.vl3.vpp.internal.VppException;
import io.vl3.vpp.internal.VppView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * VPP itself. Objects are compared with what VPP has, and only what differs is sent: what makes
 * interfaces in a first turn, because VPP numbers them, all else in a second, each turn at once.
 *
 * <p>Used by one at a time, but for {@link #cutOff}, {@link #onSurprise}, {@link #close} and a
 * {@link LongRead}. When a call is not answered the connection is given up, because what VPP made
 * of it is not known; the next look connects again and sees.
 */
public final class DirectVpp implements Configurator, AutoCloseable {

  private static final String EVENT = "sw_interface_event";

  /**
   * An object that depends on another is removed before it; a loopback lends its addresses to
   * memifs.
   */
  private static final Comparator<Item> LAST_FIRST =
      Comparator.comparing(Item::kind).reversed().thenComparing(item -> item.socket().isEmpty());

  private final VppAccess access;
  private volatile Runnable surprised = () -> {};
  private final LinkStates links = new LinkStates(() -> surprised.run(), this::linkUp);
  private final Strays strays;
  private final Told told = new Told();
  private OptionalLong process = OptionalLong.empty();
  private boolean knocking;
  private volatile String loss;
  private final ReceiveModes modes;
  private Optional<NatDialect> nat = Optional.empty();
  private Optional<Image> image = Optional.empty();
  private Optional<VppView> latest = Optional.empty();

  /**
   * A VPP that is not connected to yet.
   *
   * @param socket its API socket
   * @param directories where its {@code .api.json} files are; those that there are
   * @param clientName what it calls us
   * @param timeout how long one answer may take
   * @param io where one task reads as long as a connection lasts
   * @param ours whether a name is only given by us, to one interface
   */
  public DirectVpp(
      Path socket,
      List<Path> directories,
      String clientName,
      Duration timeout,
      Executor io,
      Predicate<String> ours) {
    this.access = new VppAccess(socket, directories, clientName, timeout, io);
    this.strays = new Strays(access.subject(), links, ours);
    this.modes = new ReceiveModes(access.subject());
    this.loss = access.subject() + ": not looked at yet (expected: looked at)";
  }

  @Override
  public String subject() {
    return access.subject();
  }

  /** Connecting takes no time that could be saved. */
  @Override
  public void hurry() {}

  @Override
  public boolean setsMtuOfPackets() {
    return true;
  }

  /** Is called when something is not as we left it, from a thread that must not be blocked. */
  @Override
  public void onSurprise(Runnable listener) {
    surprised = listener;
  }

  @Override
  public Set<String> cutOff() {
    return links.cutOff();
  }

  @Override
  public boolean seeksOtherEnds() {
    return knocking;
  }

  @Override
  public void check(VppSettings settings) throws VppException {
    VppApi unused = connected();
    if (settings.natAddress().isPresent() && nat.isEmpty()) {
      throw VppException.unfit(
          subject(),
          "messages %s: unknown to it (expected: known, with its plugin nat) [needed for NAT]"
              .formatted(NatDialect.ED.enabling()));
    }
  }

  @Override
  public VppView read() throws VppException {
    VppApi api = connected();
    links.note();
    try {
      return taken(api, ImageReader.read(api, nat), Set.of());
    } catch (ApiException failure) {
      throw lost(failure);
    }
  }

  @Override
  public Optional<Reading> begin() {
    if (image.isEmpty() || access.current().isEmpty()) {
      return Optional.empty();
    }
    strays.lookBegins();
    links.note();
    return Optional.of(new LongRead(access.current().get(), nat, image.get().note()));
  }

  /** Reads anew if the read is of no use any more. */
  @Override
  public VppView read(Reading reading) throws VppException {
    LongRead read = (LongRead) reading;
    Optional<Image> noted = noted(read);
    if (noted.isEmpty()) {
      return read();
    }
    try {
      Image renewed = noted.get().renewed(read.found(), read.since());
      return taken(read.api(), renewed, read.since().faces());
    } catch (ApiException failure) {
      throw lost(failure);
    }
  }

  @Override
  public boolean confirms(Reading reading, VppView last) throws VppException {
    LongRead read = (LongRead) reading;
    Optional<Image> noted = noted(read).filter(is -> !strays.mayBe(is));
    if (noted.isEmpty() || latest.filter(view -> view == last).isEmpty()) {
      return false;
    }
    try {
      Image found = read.found();
      if (!noted.get().isAs(found, read.since())) {
        return false;
      }
      links.seen(found, read.since().faces());
      knock(read.api(), noted.get());
      return true;
    } catch (ApiException failure) {
      throw lost(failure);
    }
  }

  /**
   * What is known, with notes of what changed since a read began; empty if another read has
   * overtaken it, or its connection is not ours any more: it is of no use then.
   */
  private Optional<Image> noted(LongRead read) {
    boolean isOurs = access.current().filter(api -> api == read.api()).isPresent();
    return image.filter(is -> isOurs && is.notes(read.since()));
  }

  /**
   * Takes a state for what is there, and clears away what is nobody's.
   *
   * @param touched the interfaces that we changed while it was read
   */
  private VppView taken(VppApi api, Image seen, Set<Integer> touched) throws ApiException {
    if (strays.tidy(api, seen, nat)) {
      links.note();
      return sweptAndTaken(api, ImageReader.read(api, nat), Set.of());
    }
    return sweptAndTaken(api, seen, touched);
  }

  private VppView sweptAndTaken(VppApi api, Image seen, Set<Integer> touched) throws ApiException {
    strays.sweep(api, seen, nat);
    image = Optional.of(seen);
    links.reset(seen, touched);
    knock(api, seen);
    VppView view = told.view(seen);
    latest = Optional.of(view);
    return view;
  }

  @Override
  public void update(Collection<Item> items) throws VppException {
    Image has = seen();
    Orders orders = new Orders(seenOver());
    modes.note(items);
    strays.beforeUpdate(items, has);
    try {
      Collection<Face> made =
          new Update(items, told, has, orders, nat).run(strays::beforeCreate, strays::beforeDelete);
      strays.answered(made, orders::isRefused);
      made.forEach(links::put);
    } catch (ApiException failure) {
      throw lost(failure);
    }
    for (Item item : items) {
      if (!orders.isRefused(item.key())) {
        told.put(item);
      }
    }
    throwIfRefused(orders);
  }

  @Override
  public void delete(Collection<Item> items) throws VppException {
    Image has = seen();
    Orders orders = new Orders(seenOver());
    RouteOrders routes = new RouteOrders(orders, has);
    NatOrders translation = new NatOrders(orders, has, nat);
    List<Item> tables = new ArrayList<>();
    items.stream()
        .sorted(LAST_FIRST)
        .forEach(
            item -> {
              switch (item.kind()) {
                case VRF_TABLE -> tables.add(item);
                case ROUTE -> routes.delete(item);
                case INTERFACE ->
                    has.faces(item.name())
                        .forEach(face -> strays.delete(item.key(), face, has, orders, nat));
                case NAT_GLOBAL, NAT_POOL, NAT_INTERFACE, DNAT -> translation.delete(item);
              }
            });
    try {
      orders.run();
      tables.forEach(routes::deleteTable);
      orders.run();
    } catch (ApiException failure) {
      throw lost(failure);
    }
    items.forEach(told::remove);
    modes.forget(items);
    throwIfRefused(orders);
  }

  @Override
  public Map<String, Traffic> traffic() throws VppException {
    Image has = seen();
    try {
      Map<String, Counters> counters = Counting.read(seenOver());
      Map<String, Traffic> all = new HashMap<>();
      for (Face face : has.faces()) {
        Counters passed = counters.getOrDefault(face.vppName(), Counters.NONE);
        all.put(face.name(), new Traffic(face.linkUp() || face.memif().isEmpty(), passed));
      }
      return all;
    } catch (ApiException failure) {
      throw lost(failure);
    }
  }

  @Override
  public OptionalLong process() {
    return process;
  }

  @Override
  public void close() {
    access.close();
  }

  private VppApi connected() throws VppException {
    Optional<VppApi> there = access.current();
    if (there.isPresent()) {
      return there.get();
    }
    image = Optional.empty();
    VppApi api = access.connect();
    try {
      nat = dialect(api);
      process = OptionalLong.of(api.request(ApiMessage.of("control_ping")).number("vpe_pid"));
      api.onEvent(this::event);
      var unused = api.end().thenRun(() -> ended(api));
      api.request(
          ApiMessage.of("want_interface_events")
              .with("enable_disable", 1)
              .with("pid", (int) ProcessHandle.current().pid()));
      return api;
    } catch (ApiException failure) {
      throw lost(failure);
    }
  }

  /** A connection that we gave up ourselves is no surprise. */
  private void ended(VppApi connection) {
    if (access.holds(connection)) {
      connection.whyEnded().ifPresent(why -> loss = access.of(why).getMessage());
      surprised.run();
    }
  }

  /** The plugin that is in use, else the better one that there is. */
  private static Optional<NatDialect> dialect(VppApi api) throws ApiException {
    List<NatDialect> there = new ArrayList<>();
    for (NatDialect dialect : NatDialect.values()) {
      if (dialect.needed().stream().allMatch(api::has)) {
        there.add(dialect);
      }
    }
    for (NatDialect dialect : there) {
      if (api.request(dialect.question("show_running_config")).number("sessions") != 0) {
        return Optional.of(dialect);
      }
    }
    return there.stream().findFirst();
  }

  /**
   * The state that was read, from which differences are found; without it nothing can be changed.
   */
  private Image seen() throws VppException {
    return image.orElseThrow(this::away);
  }

  /** The connection over which it was read: another may lead to a VPP that has started again. */
  private VppApi seenOver() throws VppException {
    return access.current().orElseThrow(this::away);
  }

  private VppException away() {
    return VppException.away(loss, null);
  }

  private VppException lost(ApiException failure) {
    access.drop();
    image = Optional.empty();
    VppException why = access.of(failure);
    loss = why.getMessage();
    return why;
  }

  private static void throwIfRefused(Orders orders) throws VppException {
    if (!orders.refusals().isEmpty()) {
      throw VppException.refused(orders.refusals());
    }
  }

  /**
   * VPP tries every 3 s whether somebody is at a slave's other end, and at once when an interface
   * is switched on. One that is cut off carries nothing that this could cost.
   */
  private void knock(VppApi api, Image seen) throws ApiException {
    Orders orders = new Orders(api);
    FaceOrders faces = new FaceOrders(orders, seen, List.of());
    List<Face> slaves =
        links.cutOff().stream()
            .flatMap(name -> seen.face(name).stream())
            .filter(DirectVpp::mayKnock)
            .toList();
    slaves.forEach(faces::switchOffAndOn);
    knocking = !slaves.isEmpty();
    orders.run();
  }

  private static boolean mayKnock(Face face) {
    return face.adminUp() && face.memif().filter(memif -> !memif.master()).isPresent();
  }

  private void event(ApiMessage event) {
    if (event.name().equals(EVENT)) {
      links.event(event);
    }
  }

  private void linkUp(int index, String name) {
    access.current().ifPresent(api -> modes.set(api, index, name));
  }
}
