package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vl3.cli.config.Vl3Config;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.status.NseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several endpoints of one process: they start together, and all or none does. */
@RequiresNetns
@Timeout(120)
class NsesTest {

  private static final int COUNT = 20;

  @TempDir private Path directory;

  @Test
  void allAreRegistered_inWhicheverOrder_andShownInThatOfTheConfiguration() throws Exception {
    CountDownLatch registered = new CountDownLatch(COUNT);
    Vl3Config config = config();
    try (Node node = join(config);
        Nses nses =
            Nses.start(node, config, (nse, record, prefixes) -> registered.countDown(), () -> {})) {
      assertThat(registered.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(nses.status()).extracting(NseStatus::name).isEqualTo(names());
      assertThat(ours()).hasSize(COUNT);
    }
    assertThatNothingIsLeft();
  }

  @Test
  void ofSeveralThatCannotStart_theFirstIsNamed_andAllAreUndone() throws Exception {
    for (String name : List.of("many-7", "many-5")) {
      Files.createDirectories(directory.resolve("run/nse/" + name + ".sock/in-the-way"));
    }
    Vl3Config config = config();
    try (Node node = join(config)) {
      for (int i = 0; i < 3; i++) {
        Throwable failure =
            catchThrowable(() -> Nses.start(node, config, (nse, record, prefixes) -> {}, () -> {}));
        assertThat(ours()).isEmpty();
        assertThat(failure).hasMessageContaining("many-5.sock");
      }
    }
  }

  @Test
  void oneThatRunsElsewhere_isNamed_andTheOthersLeaveNothing() throws Exception {
    Vl3Config config = config();
    try (Node node = join(config);
        InstanceLock elsewhere =
            InstanceLock.take(Nses.lock(node.runDirectory(), "many-3"), "somebody")) {
      assertThat(elsewhere).isNotNull();
      assertThatThrownBy(() -> Nses.start(node, config, (nse, record, prefixes) -> {}, () -> {}))
          .hasMessageContaining("many-3: runs already");
      assertThat(ours()).isEmpty();
    }
  }

  @Test
  void oneThatIsToEnd_beginsNoFurther_andUndoesWhatItHasBegun() throws Exception {
    Vl3Config config = config();
    try (Node node = join(config);
        Nses nses = Nses.start(node, config, (nse, record, prefixes) -> {}, () -> {}, () -> true)) {
      assertThat(nses.status()).isEmpty();
      assertThat(ours()).hasSize(COUNT);
    }
    assertThatNothingIsLeft();
  }

  private void assertThatNothingIsLeft() throws IOException {
    assertThat(ours()).isEmpty();
    try (Stream<Path> files = Files.list(directory.resolve("run"))) {
      assertThat(files).noneMatch(file -> file.endsWith("nse"));
    }
  }

  private static List<String> ours() throws IOException {
    return Netns.list(Nses.NETNS + "many-");
  }

  private static List<String> names() {
    return IntStream.rangeClosed(1, COUNT).mapToObj(i -> "many-" + i).toList();
  }

  private Node join(Vl3Config config) throws Exception {
    return Node.join(config.state().directory(), Optional.of(config.nsm()));
  }

  private Vl3Config config() throws ConfigException {
    String endpoints =
        IntStream.rangeClosed(1, COUNT)
            .mapToObj(
                """
                - name: many
                  nseName: many-%1$d
                  vl3: {ipam: {defaultPrefixPool: 10.96.0.0/16, prefixIndex: %1$d}}
                """
                    ::formatted)
            .collect(Collectors.joining());
    return ConfigReader.read(
        "vl3.yaml",
        "endpoints:\n" + endpoints,
        Map.of(),
        Overrides.NONE.withRunDirectory(directory.resolve("run").toString()));
  }
}
