package io.vl3.nsm.manager;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.failure.EndpointException;
import io.vl3.internal.journal.Change;
import io.vl3.internal.journal.Journal;
import io.vl3.net.IpAddress;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.NsmRuntime;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.registry.EndpointQuery;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TransportUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalManagerTest {

  /** Only its threads and transport are used. */
  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @TempDir private Path directory;

  @Test
  void deletedSocket_isMadeAnew_soThatOthersCanJoin() throws Exception {
    try (LocalManager owner = join()) {
      EmbeddedManager first = owner.owned().orElseThrow();
      Files.delete(socket());
      Eventually.until("a new manager", () -> !owner.owned().filter(first::equals).isPresent());
      Eventually.until("a socket", () -> Files.exists(socket()));
      try (LocalManager other = join()) {
        assertThat(other.owned()).isEmpty();
        LocalTokens tokens = new LocalTokens("other", nsm.runtime().timer(), Duration.ofMinutes(1));
        try (ManagerAccess access =
            ManagerAccess.open(nsm.runtime(), other.url().toString(), tokens)) {
          assertThat(access.registry().find(EndpointQuery.ofName("nobody"))).isEmpty();
        }
      }
      assertThat(owner.owned().orElseThrow().name()).isEqualTo(first.name());
    }
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anotherOwnerAfterTheRunDirectoryWasEmptied_isNotDisturbed_andTakenOverAfterItsEnd()
      throws Exception {
    try (LocalManager owner = join()) {
      Files.delete(socket());
      Files.delete(directory.resolve(LocalManager.LOCK));
      try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        other.bind(UnixDomainSocketAddress.of(socket()));
        Object its = fileKey(socket());
        Eventually.until("stepped down", () -> owner.owned().isEmpty());
        assertThat(fileKey(socket())).isEqualTo(its);
      }
      Eventually.until("taken over", () -> owner.owned().isPresent());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void whoBringsSettings_isHandedTheManager_underItsName_byAnOwnerThatBroughtNone()
      throws Exception {
    try (LocalManager owner = join()) {
      String name = owner.owned().orElseThrow().name();
      try (LocalManager bringer = join(reachable("tcp://127.0.0.1:0"))) {
        EmbeddedManager manager = bringer.owned().orElseThrow();
        assertThat(manager.name()).isEqualTo(name);
        assertThat(manager.urls()).anyMatch(TransportUrl.Tcp.class::isInstance);
        Eventually.until("stepped down", () -> owner.owned().isEmpty());
        assertThat(bringer.runner())
            .isEqualTo(
                "manager %s: run by this process, with listenOn tcp://127.0.0.1:0, tunnelIp 127.0.0.1"
                    .formatted(name));
        assertThat(owner.runner()).startsWith("manager %s: run by process ".formatted(name));
      }
      Eventually.until("taken over", () -> owner.owned().isPresent());
      assertThat(owner.owned().orElseThrow().urls())
          .as("what was brought stays")
          .anyMatch(TransportUrl.Tcp.class::isInstance);
    }
    assertEmpty();
  }

  @Test
  void whoBringsWhatTheOwnerRunsWith_leavesItAlone() throws Exception {
    try (LocalManager owner = join(reachable("tcp://127.0.0.1:0"));
        LocalManager same = join(reachable("tcp://127.0.0.1:0"))) {
      EmbeddedManager first = owner.owned().orElseThrow();
      assertThat(same.owned()).isEmpty();
      assertThat(owner.owned()).contains(first);
    }
  }

  @Test
  void ofTwoThatBringDifferentSettings_theFirstRunsIt_andTheOtherIsWarned() throws Exception {
    try (LogLines log = LogLines.of(LocalManager.class.getName());
        LocalManager owner = join(reachable("tcp://127.0.0.1:0"));
        LocalManager other = join(reachable("tcp://127.0.0.2:0"))) {
      Eventually.until("warned", () -> !log.lines(Level.WARN).isEmpty());
      assertThat(log.lines(Level.WARN))
          .containsExactly(
              "nsm.manager: listenOn tcp://127.0.0.2:0, tunnelIp 127.0.0.1 (expected: as the"
                  + " machine's manager runs, listenOn tcp://127.0.0.1:0, tunnelIp 127.0.0.1)"
                  + " [process "
                  + ProcessHandle.current().pid()
                  + " brought that]");
      assertThat(owner.owned()).isPresent();
      assertThat(other.owned()).isEmpty();
    }
  }

  @Test
  void settingsThatCannotBeServed_areRefused_andTheManagerGoesOn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        LocalManager owner = join()) {
      String name = owner.owned().orElseThrow().name();
      assertThatThrownBy(() -> join(reachable("tcp://127.0.0.1:" + taken.getLocalPort())))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining("listen: tcp://127.0.0.1:" + taken.getLocalPort());
      Eventually.until("taken over", () -> owner.owned().isPresent());
      EmbeddedManager again = owner.owned().orElseThrow();
      assertThat(again.name()).isEqualTo(name);
      assertThat(again.urls()).noneMatch(TransportUrl.Tcp.class::isInstance);
    }
  }

  @Test
  void aSuccessorWithoutTheIdentityOfWhoBroughtTheSettings_doesNotServeThem() throws Exception {
    ManagerSettings overTls =
        ManagerSettings.reachable("tcp://127.0.0.1:0", IpAddress.parse("127.0.0.1"), false)
            .withName("nsm-x");
    new SettingsFile(directory.resolve(LocalManager.SETTINGS))
        .write(new Tenure(overTls, 1, true, true));
    try (LogLines log = LogLines.of(LocalManager.class.getName());
        LocalManager successor = join()) {
      assertThat(successor.owned().orElseThrow().name()).isEqualTo("nsm-x");
      assertThat(successor.owned().orElseThrow().urls()).hasSize(1);
      assertThat(log.lines(Level.WARN))
          .containsExactly(
              "nsm.manager.listenOn: tcp://127.0.0.1:0 is not served (expected: by the process that"
                  + " brought it) [this process has no TLS identity]");
    }
  }

  /** Whoever of them is the last one sees to the files. */
  @Test
  void ownerAndSuccessorThatEndAtOnce_leaveNothing() throws Exception {
    for (int round = 0; round < 20; round++) {
      LocalManager owner = join(reachable("tcp://127.0.0.1:0"));
      LocalManager other = join();
      CompletableFuture<Void> ending =
          CompletableFuture.runAsync(other::close, nsm.runtime().executor());
      owner.close();
      ending.get(60, TimeUnit.SECONDS);
      assertEmpty();
    }
  }

  @Test
  void anOwnerThatEnds_leavesNameAndSettingsToWhoIsStillThere() throws Exception {
    LocalManager owner = join(reachable("tcp://127.0.0.1:0"));
    try (LocalManager other = join()) {
      String name = owner.owned().orElseThrow().name();
      owner.close();
      Eventually.until("taken over", () -> other.owned().isPresent());
      assertThat(other.owned().orElseThrow().name()).isEqualTo(name);
    }
    assertEmpty();
  }

  /** As a bad disk or a full one leaves them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        LocalManager.SETTINGS,
        LocalManager.JOURNAL,
        LocalManager.LOCK,
        "manager.successor"
      })
  void noBadByteOfAnyFile_stopsTheManager(String name) throws Exception {
    new SettingsFile(directory.resolve(LocalManager.SETTINGS))
        .write(new Tenure(ManagerSettings.NONE.withName("nsm-before"), 1, false, false));
    try (Journal journal =
        Journal.open(directory.resolve(LocalManager.JOURNAL), nsm.runtime().executor())) {
      for (int i = 0; i < 3; i++) {
        journal
            .append(List.of(Change.put("connection-" + i, "nse-" + i)))
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);
      }
    }
    Map<Path, byte[]> whole = files();
    byte[] content = whole.getOrDefault(directory.resolve(name), "x".getBytes(UTF_8));
    int step = content.length > 150 ? 7 : 1; // every bit of those is another test's
    for (int place = 0; place <= content.length; place += step) {
      for (byte[] damaged : List.of(flipped(content, place), Arrays.copyOf(content, place))) {
        restore(whole);
        Files.write(directory.resolve(name), damaged);
        try (LocalManager owner = join()) {
          assertThat(owner.owned().orElseThrow().name()).matches("nsm-before|nsm-[0-9a-f-]{8}");
        }
      }
    }
  }

  @Test
  void anOrdinaryFileInPlaceOfTheSocket_makesRoom_andIsWarnedOf() throws Exception {
    Files.createFile(socket());
    try (LogLines log = LogLines.of(RunFiles.class.getName());
        LocalManager owner = join()) {
      assertThat(owner.owned()).isPresent();
      assertThat(log.lines(Level.WARN))
          .containsExactly(socket() + ": an ordinary file, and removed (expected: a socket)");
    }
  }

  @Test
  void aRunDirectoryOfTheGreatestLength_works_andALongerOneIsOneMistake() throws Exception {
    int longest = 106 - 1 - LocalManager.SOCKET.length();
    for (String letter : List.of("x", "\u00fc")) {
      Path fits = named(letter, longest);
      try (LocalManager owner = join(fits, ManagerSettings.NONE)) {
        LocalTokens tokens = new LocalTokens("other", nsm.runtime().timer(), Duration.ofMinutes(1));
        try (ManagerAccess access =
            ManagerAccess.open(nsm.runtime(), owner.url().toString(), tokens)) {
          assertThat(access.registry().find(EndpointQuery.ofName("nobody"))).isEmpty();
        }
      }
      for (int bytes : List.of(longest + 1, 107, 120)) {
        Path tooLong = named(letter, bytes);
        assertThatThrownBy(() -> join(tooLong, ManagerSettings.NONE))
            .isInstanceOf(EndpointException.class)
            .hasMessage(
                "run directory: %s (expected: at most 94 bytes, as its socket nsm.io.sock may have"
                        .formatted(tooLong)
                    + " 106) [has %d]".formatted(bytes));
        assertThat(tooLong).doesNotExist();
      }
    }
  }

  @Test
  void whoWaitsForTheEndOfAnotherProcess_looksOnceIn10Seconds_andTakesOverAtOnce()
      throws Exception {
    Process owner = lockedElsewhere();
    FakeTimer timer = new FakeTimer();
    AtomicInteger tasks = new AtomicInteger();
    Executor counted =
        task -> {
          tasks.incrementAndGet();
          nsm.runtime().executor().execute(task);
        };
    NsmRuntime runtime =
        NsmRuntime.builder(timer, counted, nsm.runtime().transport(), nsm.runtime().random())
            .build();
    try (LocalManager waiting =
        LocalManager.join(directory, ManagerSettings.NONE, runtime, MemoryDataPlane::new)) {
      assertThat(timer.untilNext()).isEqualTo(Duration.ofSeconds(10));
      assertThat(tasks).as("the wait itself").hasValue(1);
      timer.advance(Duration.ofMillis(9_999));
      assertThat(tasks).as("looks").hasValue(1);
      owner.destroyForcibly().waitFor();
      Eventually.until("taken over", () -> waiting.owned().isPresent());
    }
    assertEmpty();
  }

  /** The lock is held by a process that does nothing else. */
  private Process lockedElsewhere() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.vl3.internal.process.ProcessLockTest$Contender",
                directory.resolve(LocalManager.LOCK).toString(),
                "1",
                directory.resolve("unused").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(process.getInputStream().read()).isEqualTo('+');
    return process;
  }

  /** A directory of the test's whose path has so many bytes, as far as the letter allows. */
  private Path named(String letter, int bytes) {
    StringBuilder name = new StringBuilder();
    int left = bytes - directory.toString().length() - 1;
    while (left >= letter.getBytes(UTF_8).length) {
      name.append(letter);
      left -= letter.getBytes(UTF_8).length;
    }
    return directory.resolve(name + "x".repeat(left));
  }

  private Map<Path, byte[]> files() throws IOException {
    Map<Path, byte[]> contents = new HashMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void restore(Map<Path, byte[]> contents) throws IOException {
    for (Map.Entry<Path, byte[]> each : contents.entrySet()) {
      Files.write(each.getKey(), each.getValue());
    }
  }

  private static byte[] flipped(byte[] content, int place) {
    byte[] damaged = content.clone();
    if (place < damaged.length) {
      damaged[place] ^= (byte) 0xff;
    }
    return damaged;
  }

  private void assertEmpty() throws IOException {
    try (var left = Files.list(directory)) {
      assertThat(left).isEmpty();
    }
  }

  private static ManagerSettings reachable(String listenOn) {
    return ManagerSettings.reachable(listenOn, IpAddress.parse("127.0.0.1"), true);
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private Path socket() {
    return directory.resolve(LocalManager.SOCKET);
  }

  private LocalManager join() throws Exception {
    return join(ManagerSettings.NONE);
  }

  private LocalManager join(ManagerSettings settings) throws Exception {
    return join(directory, settings);
  }

  private LocalManager join(Path runDirectory, ManagerSettings settings) throws Exception {
    return LocalManager.join(runDirectory, settings, nsm.runtime(), MemoryDataPlane::new);
  }
}
