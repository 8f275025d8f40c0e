package io.vl3.nse;

import io.vl3.connection.DnsConfig;
import io.vl3.connection.TokenSource;
import io.vl3.dns.NameTemplate;
import io.vl3.endpoint.Endpoint;
import io.vl3.endpoint.EndpointChain;
import io.vl3.failure.EndpointException;
import io.vl3.ipam.AddressingMode;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.ipam.NseState;
import io.vl3.ipam.PrefixSource;
import io.vl3.links.NseLinks;
import io.vl3.mesh.ClaimLimit;
import io.vl3.mesh.LeastMtu;
import io.vl3.mesh.MeshSettings;
import io.vl3.mesh.ProbeLinks;
import io.vl3.nameserver.NameServerSettings;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import io.vl3.nsm.NsmRuntime;
import io.vl3.registry.PeerLabels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a {@link Vl3Nse}. Needed are an NSM, links and own prefixes; everything else has a
 * default. Not thread-safe.
 */
public final class Vl3NseBuilder {

  final NsmRuntime runtime;
  final String name;
  final String service;
  final Map<String, String> labels = new HashMap<>();
  final Map<String, NsmEdge> further = new LinkedHashMap<>();
  final List<Endpoint> everywhere = new ArrayList<>();
  final List<Endpoint> forWorkloads = new ArrayList<>();
  final List<Companion> companions = new ArrayList<>();
  final List<DnsConfig> nameServers = new ArrayList<>();
  @Nullable NsmEdge edge;
  @Nullable NseLinks links;
  @Nullable PrefixSource prefixes;
  List<IpPrefix> pools = List.of();
  List<IpPrefix> routes = List.of();
  AddressingMode addressing = AddressingMode.POINT_TO_POINT;
  PrefixSet excluded = PrefixSet.EMPTY;
  ClaimLimit claims = ClaimLimit.NONE;
  int leastMtuBytes = LeastMtu.USUAL_FLOOR_BYTES;
  NseState state = NseState.inMemory();
  List<NameTemplate> names = List.of();
  NameServerSettings nameServer = NameServerSettings.DEFAULT;
  Map<String, String> peerLabels = Map.of();
  Map<String, String> requestLabels = Map.of();
  List<String> remoteDomains = List.of();
  MeshSettings mesh = MeshSettings.DEFAULT;
  Optional<Liveness> liveness = Optional.of(Liveness.DEFAULT);
  Optional<TokenSource> tokens = Optional.empty();
  boolean registersService = true;
  boolean stays;
  Duration ending = Duration.ofSeconds(20);
  UnaryOperator<EndpointChain> serverChain = UnaryOperator.identity();
  UnaryOperator<EndpointChain> peersChain = UnaryOperator.identity();

  Vl3NseBuilder(NsmRuntime runtime, String name, String service) {
    this.runtime = runtime;
    this.name = name;
    this.service = service;
    labels.put(PeerLabels.INSTANCE, UUID.randomUUID().toString());
  }

  /** How links to peers are probed. */
  record Liveness(ProbeLinks.Settings settings, Duration timeout) {
    static final Liveness DEFAULT =
        new Liveness(ProbeLinks.Settings.DEFAULT, Duration.ofMillis(500));
  }

  /** The NSM that it is part of. Needed. */
  public Vl3NseBuilder nsm(NsmEdge value) {
    edge = value;
    return this;
  }

  /**
   * One more NSM that it is part of at the same time: it registers there too, serves whoever calls
   * from there, and finds peers there. May be called repeatedly.
   *
   * @param domain what stands for that NSM in the names of its endpoints, as in {@code nse@domain};
   *     not the name of a remote domain
   */
  public Vl3NseBuilder alsoIn(String domain, NsmEdge value) {
    if (domain.isBlank() || domain.contains("@")) {
      throw new IllegalArgumentException(
          "domain: '%s' (expected: text without @)".formatted(domain));
    }
    further.put(domain, value);
    labels.put(PeerLabels.REGISTRIES, PeerLabels.SEVERAL);
    return this;
  }

  /** The maker of its links; closed with the NSE. Needed. */
  public Vl3NseBuilder links(NseLinks value) {
    links = value;
    return this;
  }

  /** The source of its prefixes; its owner closes it. Needed, or {@link #prefix}. */
  public Vl3NseBuilder prefixes(PrefixSource value) {
    prefixes = value;
    return this;
  }

  /** Its prefixes, once and for all: at most one for each family. */
  public Vl3NseBuilder prefix(IpPrefix... values) {
    return prefixes(FixedPrefixes.of(values));
  }

  /**
   * What the whole network lies in: workloads get routes there, and peers may announce nothing
   * else. Unless set, half of the family's bits around each own prefix.
   */
  public Vl3NseBuilder pools(List<IpPrefix> values) {
    pools = List.copyOf(values);
    return this;
  }

  /** The pools of the whole network, as {@link #pools}. */
  public Vl3NseBuilder pool(IpPrefix... values) {
    return pools(List.of(values));
  }

  /** Further destinations that workloads get routes to; unless set, none. */
  public Vl3NseBuilder routes(List<IpPrefix> values) {
    routes = List.copyOf(values);
    return this;
  }

  /** How addresses are made of the own prefixes; unless set, point to point. */
  public Vl3NseBuilder addressing(AddressingMode value) {
    addressing = value;
    return this;
  }

  /** Addresses that nobody is given, nor taken by the NSE itself; unless set, none. */
  public Vl3NseBuilder excluded(PrefixSet value) {
    excluded = value;
    return this;
  }

  /** How much of the network a peer may claim; unless set, all that lies in the pools. */
  public Vl3NseBuilder claims(ClaimLimit value) {
    claims = value;
    return this;
  }

  /**
   * What no link makes the MTU of the others go below; unless set, {@link
   * LeastMtu#USUAL_FLOOR_BYTES}.
   *
   * @param bytes 68 to 65535
   */
  public Vl3NseBuilder leastMtu(int bytes) {
    leastMtuBytes = bytes;
    return this;
  }

  /** Where it remembers who had which address; its owner closes it. Unless set, in memory. */
  public Vl3NseBuilder state(NseState value) {
    state = value;
    return this;
  }

  /** A label of its registration. */
  public Vl3NseBuilder label(String key, String value) {
    labels.put(key, value);
    return this;
  }

  /** Labels of its registration, beside those set before. */
  public Vl3NseBuilder labels(Map<String, String> values) {
    labels.putAll(values);
    return this;
  }

  /** Its role in a network of hubs and spokes ({@link PeerLabels#ROLE}); unless set, none. */
  public Vl3NseBuilder role(String value) {
    return label(PeerLabels.ROLE, value);
  }

  /** Labels that a peer must carry, and that requests to peers carry; unless set, none. */
  public Vl3NseBuilder peerLabels(Map<String, String> values) {
    peerLabels = Map.copyOf(values);
    return this;
  }

  /** Further labels of requests to peers; unless set, none. */
  public Vl3NseBuilder requestLabels(Map<String, String> values) {
    requestLabels = Map.copyOf(values);
    return this;
  }

  /** Other domains of its NSM in which it has peers; unless set, none. */
  public Vl3NseBuilder remoteDomains(List<String> values) {
    remoteDomains = List.copyOf(values);
    return this;
  }

  /** Times of the mesh; unless set, {@link MeshSettings#DEFAULT}. */
  public Vl3NseBuilder mesh(MeshSettings value) {
    mesh = value;
    return this;
  }

  /**
   * How links to peers are probed, where the data plane can; unless set, {@link
   * ProbeLinks.Settings#DEFAULT} and half a second.
   *
   * @param timeout how long an answer may take
   */
  public Vl3NseBuilder liveness(ProbeLinks.Settings settings, Duration timeout) {
    liveness = Optional.of(new Liveness(settings, timeout));
    return this;
  }

  /** Probes no link: one counts as up as soon as it is established. */
  public Vl3NseBuilder withoutLiveness() {
    liveness = Optional.empty();
    return this;
  }

  /** DNS servers that workloads are told of, and their zones; unless set, none. */
  public Vl3NseBuilder nameServers(DnsConfig value) {
    nameServers.add(value);
    return this;
  }

  /** Names workloads, by a name server of its own; unless set, it has none. */
  public Vl3NseBuilder names(List<NameTemplate> values) {
    names = List.copyOf(values);
    return this;
  }

  /** How that name server behaves; unless set, {@link NameServerSettings#DEFAULT}. */
  public Vl3NseBuilder nameServer(NameServerSettings value) {
    nameServer = value;
    return this;
  }

  /** Our tokens in every NSM; unless set, those of the {@link NsmEdge}. */
  public Vl3NseBuilder tokens(TokenSource value) {
    tokens = Optional.of(value);
    return this;
  }

  /** Whether it registers the network service too; unless set, it does. */
  public Vl3NseBuilder registerService(boolean value) {
    registersService = value;
    return this;
  }

  /** Whether it leaves its registration to expire at the end; unless set, it does not. */
  public Vl3NseBuilder stayRegistered(boolean value) {
    stays = value;
    return this;
  }

  /** How long {@link Vl3Nse#close} may take; unless set, 20 s. */
  public Vl3NseBuilder endWithin(Duration value) {
    ending = value;
    return this;
  }

  /**
   * One more element of the server chain, for workloads alone: before they get addresses, and after
   * those added before. A workload that it refuses takes no addresses.
   */
  public Vl3NseBuilder forWorkloads(Endpoint element) {
    forWorkloads.add(element);
    return this;
  }

  /**
   * One more element near the head of the server chain, for workloads and peers alike. A peer that
   * it refuses cannot dial us, but is still dialled: {@link #peerLabels} says who is a peer at all.
   */
  public Vl3NseBuilder forEverybody(Endpoint element) {
    everywhere.add(element);
    return this;
  }

  /**
   * Any other change of the server chain, with {@link EndpointChain#before}, {@link
   * EndpointChain#behind} and {@link EndpointChain#replacing}. Several changes are made in turn.
   */
  public Vl3NseBuilder serverChain(UnaryOperator<EndpointChain> change) {
    UnaryOperator<EndpointChain> before = serverChain;
    serverChain = chain -> change.apply(before.apply(chain));
    return this;
  }

  /** Any other change of the chain that dials peers, as {@link #serverChain}. */
  public Vl3NseBuilder peersChain(UnaryOperator<EndpointChain> change) {
    UnaryOperator<EndpointChain> before = peersChain;
    peersChain = chain -> change.apply(before.apply(chain));
    return this;
  }

  /**
   * Serves the admin API on a unix socket in a run directory, where {@code vl3 status} and the like
   * find it; unless called, nowhere. A process with several NSEs has one {@link
   * io.vl3.admin.AdminServer} instead.
   */
  public Vl3NseBuilder admin(Path runDirectory) {
    return companion(nse -> NseAdmin.start(runtime, runDirectory, nse));
  }

  /** Something that lives as long as the NSE and looks at it. May be called repeatedly. */
  public Vl3NseBuilder companion(Companion value) {
    companions.add(value);
    return this;
  }

  /**
   * The NSE, which has not started.
   *
   * @throws IllegalStateException if something needed is missing; names it
   * @throws IllegalArgumentException if a chain's order is wrong; names the element
   */
  public Vl3Nse build() {
    return new Vl3Nse(this);
  }

  /**
   * The NSE, started.
   *
   * @throws EndpointException as {@link Vl3Nse#start}
   */
  public Vl3Nse start() throws EndpointException {
    Vl3Nse nse = build();
    nse.start();
    return nse;
  }

  Edges edges() {
    return new Edges(needed(edge, "nsm"), further);
  }

  NseLinks neededLinks() {
    return needed(links, "links");
  }

  PrefixSource neededPrefixes() {
    return needed(prefixes, "prefixes");
  }

  private static <T> T needed(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException(what + ": not set (expected: set before it is built)");
    }
    return Objects.requireNonNull(value);
  }
}
