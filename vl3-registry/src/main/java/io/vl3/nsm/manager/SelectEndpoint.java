package io.vl3.nsm.manager;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionRequest;
import io.vl3.connection.ConnectionState;
import io.vl3.endpoint.Description;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.Next;
import io.vl3.endpoint.Session;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.DomainName;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Chooses who may serve a connection: the endpoint that the request names, else the one that serves
 * it already, else those that the service's matches allow, round robin. A request to reselect
 * prefers any other endpoint to the present one, and a client that comes back the one that it had.
 * A service in another domain is left to its manager; a name in our own domain is one without.
 */
final class SelectEndpoint implements Endpoint {

  private final InMemoryRegistry registry;
  private final EndpointMemory memory;
  private final FormerEndpoints former;
  private final OwnDomain ownDomain;
  private final Timer timer;
  private final Instant complete;
  private final Instant allBack;
  private final Map<String, Integer> turns = new ConcurrentHashMap<>();

  /**
   * An element.
   *
   * @param memory who served a connection in an earlier life of this manager
   * @param settling how long after now an unregistered service may be one that has not come back
   * @param lifetime how long a registration lasts: as long after now, an endpoint that served
   *     before may be registered no more only because this manager has just started
   */
  SelectEndpoint(
      InMemoryRegistry registry,
      EndpointMemory memory,
      OwnDomain ownDomain,
      Timer timer,
      Duration settling,
      Duration lifetime) {
    this.registry = registry;
    this.memory = memory;
    this.former = new FormerEndpoints(timer, memory);
    this.ownDomain = ownDomain;
    this.timer = timer;
    this.complete = timer.instant().plus(settling);
    this.allBack = timer.instant().plus(lifetime);
  }

  @Override
  public Connection request(ConnectionRequest request, Session session, Next next)
      throws EndpointException {
    Connection asked = here(request.connection());
    Selection selection = select(asked, session);
    session.put(Selection.KEY, selection);
    // Another domain's manager reselects itself; an endpoint of ours is asked anew.
    boolean passState = selection.targets().get(0).remote();
    Connection named = asked.toBuilder().payload(payload(asked)).build();
    Connection passed = passState ? named : named.withState(ConnectionState.UP);
    Connection answer = ask(selection, request.withConnection(passed), next);
    session.onCommit("remember who serves", () -> remember(session));
    return answer.toBuilder().networkService(request.connection().networkService()).build();
  }

  private Connection here(Connection asked) {
    return asked.toBuilder()
        .networkService(ownDomain.here(asked.networkService()))
        .endpointName(ownDomain.here(asked.endpointName()))
        .build();
  }

  /**
   * An endpoint that is neither registered nor answers is gone: who insists on it has to hear so.
   */
  private Connection ask(Selection selection, ConnectionRequest request, Next next)
      throws EndpointException {
    try {
      return next.request(request);
    } catch (EndpointException failure) {
      String name = selection.targets().get(0).name();
      if (isSilence(failure) && isOnly(selection) && isForgotten(name)) {
        throw new EndpointException(
            Reason.NOT_FOUND,
            "network_service_endpoint_name: %s (expected: registered) [it does not answer: %s]"
                .formatted(name, failure.getMessage()),
            failure);
      }
      throw failure;
    }
  }

  private static boolean isSilence(EndpointException failure) {
    return failure.reason() == Reason.UNAVAILABLE || failure.reason() == Reason.DEADLINE;
  }

  private static boolean isOnly(Selection selection) {
    return selection.targets().size() == 1 && !selection.targets().get(0).remote();
  }

  private boolean isForgotten(String name) throws EndpointException {
    return !mayComeBack(name) && registry.find(EndpointQuery.ofName(name)).isEmpty();
  }

  @Override
  public void close(Connection connection, Session session, Next next) throws EndpointException {
    if (session.get(Served.KEY).isEmpty()) {
      lastKnown(here(connection))
          .ifPresent(target -> session.put(Selection.KEY, new Selection(List.of(target), false)));
    } else {
      // A client that asked in vain closes too, and is to find the endpoint that it had when it
      // asks again.
      session.onCommit("forget who served", () -> forget(session.id()));
    }
    next.close(connection);
  }

  private void forget(ConnectionId id) {
    memory.find(id).ifPresent(name -> former.keep(id, name));
  }

  private void remember(Session session) {
    session
        .get(Served.KEY)
        .map(Served::target)
        .filter(target -> !target.remote())
        .ifPresent(target -> memory.put(session.id(), target.name()));
  }

  @Override
  public Description description() {
    return Description.of(this).doing("chooses the endpoint by name or by the service's matches");
  }

  /** The payload of the service, where the client leaves it open. */
  private String payload(Connection asked) {
    return asked.payload().isEmpty()
        ? registry
            .findService(DomainName.parse(asked.networkService()).local())
            .map(NetworkServiceRecord::payload)
            .orElse("")
        : asked.payload();
  }

  private Selection select(Connection asked, Session session) throws EndpointException {
    DomainName service = DomainName.parse(asked.networkService());
    DomainName endpoint = DomainName.parse(asked.endpointName());
    if (service.local().isBlank()) {
      throw new EndpointException(Reason.INVALID, "network_service: '' (expected: a name)");
    }
    if (service.remote() && endpoint.remote() && !service.domain().equals(endpoint.domain())) {
      throw new EndpointException(
          Reason.INVALID,
          "network_service_endpoint_name: %s (expected: in domain %s as the service)"
              .formatted(endpoint, service.domain()));
    }
    Optional<Target> present = session.get(Served.KEY).map(Served::target);
    boolean reselect = asked.state() == ConnectionState.RESELECT_REQUESTED;
    if (service.remote() || endpoint.remote()) {
      String domain = service.remote() ? service.domain() : endpoint.domain();
      return new Selection(List.of(remote(endpoint.local(), domain)), false);
    }
    if (!endpoint.local().isEmpty()) {
      return new Selection(List.of(named(asked, present)), false);
    }
    if (present.isPresent() && !reselect) {
      return new Selection(List.of(current(present.get())), false);
    }
    List<Target> targets = new ArrayList<>(matching(asked, present));
    Optional<Target> remembered = reselect ? Optional.empty() : remembered(session.id());
    if (!reselect) {
      formerly(session.id(), targets).ifPresent(target -> putFirst(target, targets));
    }
    remembered.ifPresent(target -> putFirst(target, targets));
    // The endpoint that served before may be starting, as this manager is: it is worth asking
    // again.
    return new Selection(targets, remembered.isEmpty() || isOver(allBack));
  }

  /** The endpoint that serves, where it is now; one that has not come back yet, where it was. */
  private Target current(Target present) throws EndpointException {
    return registry.find(EndpointQuery.ofName(present.name())).stream()
        .findFirst()
        .map(SelectEndpoint::target)
        .orElse(present);
  }

  /**
   * The endpoint that served in an earlier life; one that does not come back in time is forgotten.
   */
  private Optional<Target> remembered(ConnectionId connection) throws EndpointException {
    Optional<String> name = memory.find(connection);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<Target> target =
        registry.find(EndpointQuery.ofName(name.get())).stream()
            .findFirst()
            .map(SelectEndpoint::target);
    if (target.isEmpty() && mayComeBack(name.get())) {
      throw unregistered("endpoint that served before", name.get(), false);
    }
    return target;
  }

  private Optional<Target> formerly(ConnectionId id, List<Target> fitting) {
    return former
        .find(id)
        .flatMap(name -> fitting.stream().filter(t -> t.name().equals(name)).findFirst());
  }

  private static void putFirst(Target target, List<Target> targets) {
    targets.removeIf(target::isSameAs);
    targets.add(0, target);
  }

  private static Target remote(String name, String domain) {
    return new Target(name, "tcp://" + domain, domain);
  }

  private Target named(Connection asked, Optional<Target> present) throws EndpointException {
    String name = asked.endpointName();
    Optional<EndpointRecord> found = registry.find(EndpointQuery.ofName(name)).stream().findFirst();
    if (found.isEmpty()) {
      return present
          .filter(target -> target.name().equals(name))
          .orElseThrow(
              () -> unregistered("network_service_endpoint_name", name, !mayComeBack(name)));
    }
    if (!found.get().services().containsKey(asked.networkService())) {
      throw new EndpointException(
          Reason.NOT_FOUND,
          "network_service_endpoint_name: %s (expected: offers %s) [it offers %s]"
              .formatted(name, asked.networkService(), found.get().services().keySet()));
    }
    return target(found.get());
  }

  private List<Target> matching(Connection asked, Optional<Target> present)
      throws EndpointException {
    String service = asked.networkService();
    List<EndpointRecord> offering = registry.find(EndpointQuery.ofService(service));
    Optional<NetworkServiceRecord> record = registry.findService(service);
    if (record.isEmpty() && offering.isEmpty()) {
      throw unregistered("network_service", service, isOver(complete));
    }
    List<EndpointRecord> fitting =
        ServiceMatcher.fitting(
            record.orElse(NetworkServiceRecord.of(service)), offering, asked.labels());
    if (fitting.isEmpty()) {
      turns.remove(service);
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "network_service: %s (expected: an endpoint for labels %s) [%d registered]"
              .formatted(service, asked.labels(), offering.size()));
    }
    List<Target> targets = new ArrayList<>(fitting.stream().map(SelectEndpoint::target).toList());
    Collections.rotate(targets, -turn(service, targets.size()));
    List<Target> last =
        targets.stream().filter(t -> present.filter(t::isSameAs).isPresent()).toList();
    targets.removeAll(last);
    targets.addAll(last);
    // One that fits twice takes its turn twice, and is asked once.
    return targets.stream().distinct().toList();
  }

  private int turn(String service, int size) {
    return Math.floorMod(turns.merge(service, 1, Integer::sum) - 1, size);
  }

  /** Soon after a start, who is missing may only not have registered again yet. */
  private static EndpointException unregistered(String field, String name, boolean settled) {
    return new EndpointException(
        settled ? Reason.NOT_FOUND : Reason.UNAVAILABLE,
        "%s: %s (expected: registered)%s"
            .formatted(field, name, settled ? "" : " [this manager has just started]"));
  }

  /** Soon after a start, unless the endpoint has unregistered itself since. */
  private boolean mayComeBack(String name) {
    return !isOver(allBack) && !registry.hasSignedOff(name);
  }

  private boolean isOver(Instant moment) {
    return !timer.instant().isBefore(moment);
  }

  private Optional<Target> lastKnown(Connection connection) throws EndpointException {
    DomainName name = DomainName.parse(connection.endpointName());
    if (name.remote()) {
      return Optional.of(remote(name.local(), name.domain()));
    }
    return name.local().isEmpty()
        ? Optional.empty()
        : registry.find(EndpointQuery.ofName(name.local())).stream()
            .findFirst()
            .map(SelectEndpoint::target);
  }

  private static Target target(EndpointRecord endpoint) {
    return new Target(endpoint.name(), endpoint.url(), "");
  }
}
