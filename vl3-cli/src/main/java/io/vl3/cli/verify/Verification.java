package io.vl3.cli.verify;

import io.vl3.api.admin.v1.Name;
import io.vl3.cli.admin.Member;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.pairs.Pair;
import io.vl3.cli.verify.Ways.Skipped;
import io.vl3.linux.IcmpProbe;
import io.vl3.linux.Netns;
import io.vl3.net.DomainName;
import io.vl3.net.IpPrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Tries everything that members of a network say is there. Blocks; for one thread. */
public final class Verification {

  private static final int PROBES_AT_ONCE = 16;
  private static final int MOST_NAMES = 100;

  private final List<Member> members;
  private final List<Name> names;
  private final Wish wish;
  private final Threads threads;
  private final IcmpProbe probe = IcmpProbe.timing(System::nanoTime);
  private final List<Skipped> skipped = new ArrayList<>();

  /**
   * What is to be tried.
   *
   * @param workloads only between these; empty: everything
   * @param timeout how long an answer may take
   * @param throughput how long each pair's throughput is measured; empty: not at all
   */
  public record Wish(Set<String> workloads, Duration timeout, Optional<Duration> throughput) {

    /** Copies the set. */
    public Wish {
      workloads = Set.copyOf(workloads);
    }
  }

  /** Of a network; nothing is sent before {@link #run}. */
  public Verification(List<Member> members, List<Name> names, Wish wish, Threads threads) {
    this.members = List.copyOf(members);
    this.names = List.copyOf(names);
    this.wish = wish;
    this.threads = threads;
  }

  /** Tries it, the cheap things first. */
  public Verified run() throws InterruptedException {
    Ways ways = Ways.of(members, wish.workloads());
    skipped.addAll(ways.skipped());
    Pings pings = new Pings(probe, wish.timeout());
    List<Pair> links = pings.all(ways.links());
    List<Pair> pairs = new ArrayList<>(pings.all(ways.pairs()));
    List<MtuCheck> mtus =
        mtus(
            Stream.concat(answering(ways.links(), links), answering(ways.pairs(), pairs)).toList());
    List<Rate> rates = rates(answering(ways.pairs(), pairs).toList());
    pairs.addAll(ways.hopeless());
    return new Verified(pairs, links, mtus, lookUp(), rates, skipped);
  }

  private static Stream<Way> answering(List<Way> ways, List<Pair> pairs) {
    return java.util.stream.IntStream.range(0, ways.size())
        .filter(i -> pairs.get(i).ok())
        .mapToObj(ways::get);
  }

  private List<MtuCheck> mtus(List<Way> ways) throws InterruptedException {
    List<Supplier<MtuCheck>> checks = new ArrayList<>();
    ways.forEach(way -> checks.add(() -> MtuCheck.of(way, probe, wish.timeout())));
    return someAtOnce(checks);
  }

  private <T> List<T> someAtOnce(List<Supplier<T>> tasks) throws InterruptedException {
    Semaphore room = new Semaphore(PROBES_AT_ONCE);
    List<CompletableFuture<T>> begun = new ArrayList<>();
    for (Supplier<T> task : tasks) {
      room.acquire();
      begun.add(
          CompletableFuture.supplyAsync(task, threads.blocking())
              .whenComplete((done, failure) -> room.release()));
    }
    return begun.stream().map(CompletableFuture::join).toList();
  }

  /** One after the other, so that none slows the other; one address of each pair. */
  private List<Rate> rates(List<Way> ways) throws InterruptedException {
    List<Rate> rates = new ArrayList<>();
    if (wish.throughput().isEmpty()) {
      return rates;
    }
    Throughput throughput =
        new Throughput(wish.throughput().get(), wish.timeout(), threads.blocking());
    Map<String, Netns> namespaces = new TreeMap<>();
    Party.workloads(members)
        .forEach(party -> party.namespace().ifPresent(in -> namespaces.put(party.name(), in)));
    Set<List<String>> done = new HashSet<>();
    for (Way way : ways) {
      Netns target = namespaces.get(way.to());
      if (done.add(List.of(way.from(), way.to())) && target != null) {
        rates.add(throughput.measure(way, target));
      }
    }
    return rates;
  }

  private List<NameCheck> lookUp() throws InterruptedException {
    List<Supplier<NameCheck>> checks = new ArrayList<>();
    for (Party workload : Party.workloads(members)) {
      boolean wanted = wish.workloads().isEmpty() || wish.workloads().contains(workload.name());
      Map<String, Set<String>> known = known(workload.service());
      if (wanted && workload.namespace().isPresent() && !known.isEmpty()) {
        checks.addAll(lookUps(workload, workload.namespace().get(), known));
      }
    }
    return someAtOnce(checks);
  }

  private List<Supplier<NameCheck>> lookUps(
      Party workload, Netns netns, Map<String, Set<String>> known) {
    List<Supplier<NameCheck>> checks = new ArrayList<>();
    try {
      ResolvConf resolver = ResolvConf.of(netns);
      List<IpPrefix> network = network(workload.service());
      if (resolver.servers().stream()
          .noneMatch(server -> network.stream().anyMatch(in -> in.contains(server)))) {
        skipped.add(
            new Skipped(
                workload.name() + ": names",
                "%s names no server of the network".formatted(resolver.file())));
        return checks;
      }
      NameLookups lookups =
          new NameLookups(workload.name(), netns, resolver.servers(), wish.timeout());
      known.entrySet().stream()
          .limit(MOST_NAMES)
          .forEach(name -> checks.add(() -> lookups.look(name.getKey(), name.getValue())));
      if (known.size() > MOST_NAMES) {
        skipped.add(
            new Skipped(
                workload.name() + ": names",
                "%d of %d were looked up".formatted(MOST_NAMES, known.size())));
      }
    } catch (IOException unreadable) {
      skipped.add(new Skipped(workload.name() + ": names", unreadable.toString()));
    }
    return checks;
  }

  /** The names of a network, each with all addresses that any NSE has for it. */
  private Map<String, Set<String>> known(String service) {
    Map<String, Set<String>> known = new TreeMap<>();
    List<String> nses =
        Party.nses(members).stream()
            .filter(nse -> nse.service().equals(service))
            .map(Party::name)
            .toList();
    for (Name each : names) {
      if (nses.contains(each.getNse())) {
        each.getNamesList()
            .forEach(
                name ->
                    known
                        .computeIfAbsent(name, first -> new TreeSet<>())
                        .addAll(each.getAddressesList()));
      }
    }
    return known;
  }

  private List<IpPrefix> network(String service) {
    return members.stream()
        .flatMap(member -> member.status().getNsesList().stream())
        .filter(nse -> DomainName.withoutDomain(nse.getService()).equals(service))
        .flatMap(nse -> nse.getNetworkList().stream())
        .distinct()
        .map(IpPrefix::parse)
        .toList();
  }
}
