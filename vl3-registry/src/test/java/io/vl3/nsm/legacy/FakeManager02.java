package io.vl3.nsm.legacy;

import io.grpc.StatusRuntimeException;
import io.vl3.api.connection.Connection;
import io.vl3.api.connection.Mechanism;
import io.vl3.api.connection.Path;
import io.vl3.api.connection.PathSegment;
import io.vl3.api.connectioncontext.IPContext;
import io.vl3.api.networkservice.NetworkServiceRequest;
import io.vl3.api.nsm02.registry.FindNetworkServiceResponse;
import io.vl3.api.nsm02.registry.NSERegistration;
import io.vl3.api.nsm02.registry.NetworkServiceEndpoint;
import io.vl3.api.nsm02.registry.NetworkServiceManager;
import io.vl3.api.nsm02.registry.RemoveNSERequest;
import io.vl3.nsm.NsmRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A manager that does what nsmd of NSM 0.2 does: it gives workspaces, registers endpoints, and
 * passes requests on to the socket of the endpoint that was asked for, here or at another manager.
 * Of the data plane it only tells who is to be joined.
 */
public final class FakeManager02 implements AutoCloseable {

  private static final List<Mechanism> LOCAL =
      List.of(local("MEMIF"), local(LegacyMechanisms.KERNEL_INTERFACE));

  private final NsmRuntime runtime;
  private final String name;
  private final java.nio.file.Path directory;
  private final FakeRegistry02 registry;
  private final FakeForwarder02 forwarder;
  private final Map<String, FakeWorkspace02> workspaces = new LinkedHashMap<>();
  private final Map<String, String> workspaceOf = new TreeMap<>();
  private final Map<String, Link> links = new LinkedHashMap<>();
  private final List<NetworkServiceRequest> asked = new CopyOnWriteArrayList<>();
  private final List<NetworkServiceRequest> wanted = new CopyOnWriteArrayList<>();
  private final List<NSERegistration> registrations = new CopyOnWriteArrayList<>();
  private final List<RemoveNSERequest> removals = new CopyOnWriteArrayList<>();
  private int lastId;

  /**
   * A manager.
   *
   * @param directory where its workspaces are, with a short path
   */
  public FakeManager02(
      NsmRuntime runtime,
      String name,
      java.nio.file.Path directory,
      FakeRegistry02 registry,
      FakeForwarder02 forwarder) {
    this.runtime = runtime;
    this.name = name;
    this.directory = directory;
    this.registry = registry;
    this.forwarder = forwarder;
    registry.manager(this);
  }

  /**
   * One connection through it.
   *
   * @param workspace whose it is
   * @param source as the client knows it
   * @param destination as the endpoint knows it
   * @param served where the endpoint is
   */
  private record Link(
      String workspace, Connection source, Connection destination, FakeManager02 served) {}

  public String name() {
    return name;
  }

  /** What it asked endpoints for, oldest first. */
  public List<NetworkServiceRequest> asked() {
    return List.copyOf(asked);
  }

  /** What clients of it asked for of a service, as text, oldest first. */
  public List<String> wanted(String service) {
    return wanted.stream()
        .filter(request -> request.getConnection().getNetworkService().equals(service))
        .map(NetworkServiceRequest::toString)
        .toList();
  }

  /** Which endpoints it was told to register. */
  public List<NSERegistration> registrations() {
    return List.copyOf(registrations);
  }

  /** Which endpoints it was told to remove. */
  public List<RemoveNSERequest> removals() {
    return List.copyOf(removals);
  }

  /** Its connections: id of the client's side, and service. */
  public synchronized List<String> connections() {
    List<String> all = new ArrayList<>();
    links.forEach((id, link) -> all.add(id + " " + link.source().getNetworkService()));
    return all;
  }

  /** What clients know their connections as. */
  public synchronized List<Connection> sources() {
    return links.values().stream().map(Link::source).toList();
  }

  NetworkServiceManager record() {
    return FakeRegistry02.record(name, name + ":5001");
  }

  NsmRuntime runtime() {
    return runtime;
  }

  FakeRegistry02 registry() {
    return registry;
  }

  /** A workspace, empty. */
  public synchronized Workspace workspace(String wanted) {
    FakeWorkspace02 old = workspaces.remove(wanted);
    if (old != null) {
      old.close();
    }
    FakeWorkspace02 made = new FakeWorkspace02(this, wanted, directory.resolve(wanted));
    workspaces.put(wanted, made);
    made.start();
    return made.place();
  }

  /** Ends as nsmd does: workspaces are removed with all that is in them. */
  public synchronized void stop() {
    workspaces.values().forEach(FakeWorkspace02::close);
  }

  /** Starts again: makes its workspaces anew, and drops endpoints that do not listen at once. */
  public synchronized void start() {
    workspaces.values().forEach(FakeWorkspace02::start);
    for (Map.Entry<String, String> endpoint : Map.copyOf(workspaceOf).entrySet()) {
      if (!workspaces.get(endpoint.getValue()).isServed()) {
        drop(endpoint.getKey());
      }
    }
  }

  /** Starts again without its list of workspaces: what it does not know, it takes out. */
  public synchronized void loseWorkspaces() {
    close();
    Set.copyOf(workspaceOf.keySet()).forEach(this::drop);
  }

  /** Whether an endpoint listens where it has to. */
  public synchronized boolean reaches(String endpoint) {
    return Optional.ofNullable(workspaceOf.get(endpoint))
        .map(workspaces::get)
        .filter(FakeWorkspace02::isServed)
        .isPresent();
  }

  /** Loses its connections, and counts anew, as after a restart without a forwarder. */
  public synchronized void forgetConnections() {
    links.clear();
    lastId = 0;
  }

  @Override
  public synchronized void close() {
    workspaces.values().forEach(FakeWorkspace02::close);
    workspaces.clear();
  }

  NSERegistration register(FakeWorkspace02 workspace, NSERegistration wanted) {
    registrations.add(wanted);
    NSERegistration granted = registry.register(wanted, this);
    String endpoint = granted.getNetworkServiceEndpoint().getName();
    synchronized (this) {
      workspaceOf.put(endpoint, workspace.name());
    }
    workspace.watchEndpoint(endpoint);
    return granted;
  }

  void remove(RemoveNSERequest request) {
    removals.add(request);
    String endpoint = request.getNetworkServiceEndpointName();
    synchronized (this) {
      workspaceOf.remove(endpoint);
    }
    registry.remove(endpoint);
  }

  /** Its monitor broke, or nobody listens. */
  void drop(String endpoint) {
    synchronized (this) {
      if (workspaceOf.remove(endpoint) == null) {
        return;
      }
    }
    try {
      registry.remove(endpoint);
    } catch (StatusRuntimeException gone) {
      return;
    }
  }

  Connection request(FakeWorkspace02 workspace, NetworkServiceRequest request) {
    Connection wanted = request.getConnection();
    this.wanted.add(request);
    if (wanted.getNetworkService().isEmpty() || request.getMechanismPreferencesCount() == 0) {
      throw FakeRegistry02.unknown("request is invalid: " + request);
    }
    Optional<Link> before;
    String id;
    synchronized (this) {
      before = Optional.ofNullable(links.get(wanted.getId()));
      id = before.isPresent() ? wanted.getId() : nextId();
    }
    FindNetworkServiceResponse found = registry.find(wanted.getNetworkService());
    NetworkServiceEndpoint endpoint = select(found, wanted.getNetworkServiceEndpointName());
    FakeManager02 serving = registry.managerOf(wanted.getNetworkService(), endpoint.getName());
    String there = before.map(link -> link.destination().getId()).orElseGet(serving::nextId);
    Connection destination =
        serving.serve(endpoint.getName(), there, wanted, serving == this ? "" : endpoint.getName());
    checkAddresses(wanted, destination);
    Connection source =
        wanted.toBuilder()
            .setId(id)
            .setContext(destination.getContext())
            .setMechanism(request.getMechanismPreferences(0))
            .setNetworkServiceEndpointName(endpoint.getName())
            .build();
    synchronized (this) {
      links.put(id, new Link(workspace.name(), source, destination, serving));
    }
    forwarder.connect(id, source, destination);
    workspace.updated(source);
    return source;
  }

  synchronized String nextId() {
    return Integer.toString(++lastId);
  }

  /**
   * Asks an endpoint of ours.
   *
   * @param named what the request says of it: nothing to one that we chose ourselves
   */
  private Connection serve(String endpoint, String id, Connection wanted, String named) {
    NetworkServiceRequest request =
        NetworkServiceRequest.newBuilder()
            .setConnection(
                Connection.newBuilder()
                    .setId(id)
                    .setNetworkService(plain(wanted.getNetworkService()))
                    .setNetworkServiceEndpointName(named)
                    .setContext(wanted.getContext())
                    .putAllLabels(wanted.getLabelsMap())
                    .setPath(
                        Path.newBuilder().addPathSegments(PathSegment.newBuilder().setName(name))))
            .addAllMechanismPreferences(LOCAL)
            .build();
    asked.add(request);
    return of(endpoint).request(request);
  }

  private synchronized FakeWorkspace02 of(String endpoint) {
    return Optional.ofNullable(workspaceOf.get(endpoint))
        .map(workspaces::get)
        .orElseThrow(
            () ->
                FakeRegistry02.unknown(
                    "Could not find endpoint with name: %s at local registry".formatted(endpoint)));
  }

  void close(Connection closed) {
    Link link;
    synchronized (this) {
      link = links.get(closed.getId());
    }
    if (link == null) {
      throw FakeRegistry02.unknown("there is no such client connection " + closed);
    }
    try {
      link.served().release(link.destination());
    } finally {
      forget(closed.getId());
    }
  }

  private void forget(String id) {
    Link link;
    FakeWorkspace02 workspace;
    synchronized (this) {
      link = links.remove(id);
      workspace = link == null ? null : workspaces.get(link.workspace());
    }
    if (link != null) {
      forwarder.close(id);
      if (workspace != null) {
        workspace.deleted(link.source());
      }
    }
  }

  private void release(Connection destination) {
    for (FakeWorkspace02 workspace : served(destination)) {
      workspace.release(closing(destination, workspace));
    }
  }

  /** With whose it is, as nsmd adds it. */
  private synchronized Connection closing(Connection destination, FakeWorkspace02 workspace) {
    Connection.Builder closed = destination.toBuilder();
    closed.getMechanismBuilder().putParameters("workspace", workspace.name());
    workspaceOf.forEach(
        (endpoint, of) -> {
          if (of.equals(workspace.name())) {
            closed.getMechanismBuilder().putParameters("workspaceNseName", endpoint);
          }
        });
    return closed.build();
  }

  private synchronized List<FakeWorkspace02> served(Connection destination) {
    return workspaces.values().stream().filter(one -> one.serves(destination.getId())).toList();
  }

  /** An endpoint of ours has closed a connection. */
  void deletedThere(String destination) {
    registry.all().forEach(manager -> manager.lost(this, destination));
  }

  private void lost(FakeManager02 served, String destination) {
    List<String> gone;
    synchronized (this) {
      gone =
          links.entrySet().stream()
              .filter(link -> link.getValue().served() == served)
              .filter(link -> link.getValue().destination().getId().equals(destination))
              .map(Map.Entry::getKey)
              .toList();
    }
    gone.forEach(this::forget);
  }

  private static NetworkServiceEndpoint select(FindNetworkServiceResponse found, String wanted) {
    return found.getNetworkServiceEndpointsList().stream()
        .filter(endpoint -> wanted.isEmpty() || endpoint.getName().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                FakeRegistry02.unknown(
                    "failed to find targeted NSE %s for NetworkService %s. Checked: %d endpoints"
                        .formatted(
                            wanted,
                            found.getNetworkService().getName(),
                            found.getNetworkServiceEndpointsCount())));
  }

  /** What nsmd demands of an answer before it hands it on. */
  private static void checkAddresses(Connection wanted, Connection answer) {
    IPContext asked = wanted.getContext().getIpContext();
    IPContext given = answer.getContext().getIpContext();
    if (answer.getId().isEmpty() || answer.getPath().getPathSegmentsCount() != 1) {
      throw FakeRegistry02.unknown("connection is incomplete: " + answer);
    }
    if ((asked.getSrcIpRequired() && given.getSrcIpAddrsCount() != 1)
        || (asked.getDstIpRequired() && given.getDstIpAddrsCount() != 1)) {
      throw FakeRegistry02.unknown("ConnectionContext.SrcIp and DestIp are required: " + answer);
    }
  }

  private static String plain(String service) {
    int at = service.indexOf('@');
    return at < 0 ? service : service.substring(0, at);
  }

  private static Mechanism local(String type) {
    return Mechanism.newBuilder().setType(type).build();
  }
}
