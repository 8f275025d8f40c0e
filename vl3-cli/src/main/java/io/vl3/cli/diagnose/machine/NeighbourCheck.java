package io.vl3.cli.diagnose.machine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Fault;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Commands;
import io.vl3.cli.diagnose.scene.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the kernel has room for one more neighbour: it keeps so many of a family that it had to
 * ask for, of all network namespaces of the machine together (docs/scale.md).
 */
public final class NeighbourCheck implements Check<Scene> {

  /** In which a probe of each link is sent. */
  private static final Duration A_WHILE = Duration.ofMillis(1_500);

  private static final List<String> TABLES = List.of("arp_cache", "ndisc_cache");
  private static final Map<String, String> SETTINGS =
      Map.of("arp_cache", "net.ipv4", "ndisc_cache", "net.ipv6");

  private final Source source;
  private final Duration pause;

  /** A check. */
  public NeighbourCheck() {
    this(NeighbourCheck::ask, A_WHILE);
  }

  NeighbourCheck(Source source, Duration pause) {
    this.source = source;
    this.pause = pause;
  }

  /** Shows tables. */
  interface Source {

    /** The output of {@code ip -j -s ntable show name TABLE}. */
    String show(String table) throws IOException;
  }

  /**
   * A table of neighbours.
   *
   * @param limit how many neighbours it has room for
   * @param fulls how often there was no room for one more, since the machine started
   */
  private record Table(long limit, long fulls) {}

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public String tries() {
    return "Read how often the kernel's tables of neighbours were full (`ip -s ntable`), and where one"
        + " ever was, again 1.5 s later.";
  }

  @Override
  public Answer look(Scene scene) throws IOException, InterruptedException {
    if (scene.processes().isEmpty()) {
      return Answer.skipped("no process");
    }
    Map<String, Table> before = tables();
    List<Finding> findings = new ArrayList<>();
    if (before.values().stream().anyMatch(table -> table.fulls() > 0)) {
      Thread.sleep(pause.toMillis());
      Map<String, Table> now = tables();
      before.forEach((name, was) -> since(name, was, now.get(name)).ifPresent(findings::add));
    }
    return Answer.of(String.join(", ", before.keySet()), findings);
  }

  private Optional<Finding> since(String name, Table before, @Nullable Table now) {
    if (now == null || now.fulls() <= before.fulls()) {
      return Optional.empty();
    }
    String found =
        "%d had no room within %d ms, %d since the machine started (%s.neigh.default.gc_thresh3: %d)."
            .formatted(
                now.fulls() - before.fulls(),
                pause.toMillis(),
                now.fulls(),
                SETTINGS.get(name),
                now.limit());
    return Optional.of(Finding.error(Fault.NEIGHBOURS_FULL, Set.of(), name, found));
  }

  private Map<String, Table> tables() throws IOException {
    Map<String, Table> tables = new TreeMap<>();
    for (String name : TABLES) {
      // The first entry is the table, the others are its settings by interface.
      JsonNode table = new ObjectMapper().readTree(source.show(name)).path(0);
      if (table.has("table_fulls")) {
        long limit = table.path("thresh3").asLong();
        tables.put(name, new Table(limit, table.path("table_fulls").asLong()));
      }
    }
    if (tables.isEmpty()) {
      throw new IOException("ip ntable: counts no neighbours");
    }
    return tables;
  }

  private static String ask(String table) throws IOException {
    Commands.Result result =
        Commands.run(List.of("ip", "-j", "-s", "ntable", "show", "name", table));
    if (result.code() != 0) {
      throw new IOException("ip ntable: " + result.words());
    }
    return result.output();
  }
}
