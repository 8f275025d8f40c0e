package io.vl3.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.endpoint.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @RegisterExtension final LeakCheck leaks = new LeakCheck();

  @TempDir private Path directory;

  private final FaultyDisk disk = new FaultyDisk();
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("state/nse.journal");
  }

  @Test
  void reopened_holdsWhatWasAppended() throws Exception {
    try (Journal journal = Journal.open(file, Runnable::run)) {
      assertThat(journal.restored()).isEmpty();
      append(journal, Change.put("a", "1"), Change.put("b", "ü 2"));
      append(journal, Change.put("a", "3"), Change.remove("b"), Change.put("c", ""));
    }
    try (Journal journal = open()) {
      assertThat(journal.restored()).isEqualTo(Map.of("a", "3", "c", ""));
    }
  }

  @Test
  void files_areTheOwnersAlone() throws Exception {
    open().close();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    try (Journal journal = open()) {
      assertThat(journal.trouble()).isEmpty();
      assertThat(mode(file.resolveSibling("nse.journal.lock"))).isEqualTo("rw-------");
    }
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(file.getParent())).isEqualTo("rwx------");
  }

  @Test
  void openTwice_isRefused_andTheFirstGoesOn() throws Exception {
    try (Journal journal = open()) {
      assertThatThrownBy(this::open).hasMessageContaining("expected: one that nobody has open");
      append(journal, Change.put("a", "1"));
    }
    open().close();
  }

  @Test
  void anotherVersionsFile_isRefused_notEmptied() throws Exception {
    try (Journal journal = open()) {
      append(journal, Change.put("a", "1"));
    }
    byte[] bytes = Files.readAllBytes(file);
    var newer = java.nio.ByteBuffer.wrap(bytes);
    newer.put(8, (byte) 2);
    var checksum = new java.util.zip.CRC32C();
    checksum.update(bytes, 0, 4);
    checksum.update(bytes, 8, bytes.length - 8);
    newer.putInt(4, (int) checksum.getValue());
    Files.write(file, bytes);

    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version: 2 (expected: 1)");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void appendsThatComeWhileTheDiskIsBusy_shareOneWait() throws Exception {
    List<Runnable> held = new ArrayList<>();
    AtomicBoolean busy = new AtomicBoolean(true);
    Executor executor = job -> held(busy, held, job);
    try (Journal journal = Journal.open(file, executor, disk)) {
      int before = disk.forces();
      List<CompletionStage<Void>> stages = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        stages.add(journal.append(List.of(Change.put("k" + i, "v"))));
      }
      assertThat(stages).noneMatch(stage -> stage.toCompletableFuture().isDone());
      busy.set(false);
      held.forEach(Runnable::run);
      assertThat(stages).allMatch(stage -> stage.toCompletableFuture().isDone());
      assertThat(disk.forces() - before).isEqualTo(1);
    }
    assertThat(read()).hasSize(500);
  }

  @Test
  void manyChangesOfFewKeys_fileStaysSmall() throws Exception {
    try (Journal journal = open()) {
      for (int i = 0; i < 20_000; i++) {
        append(journal, Change.put("key " + i % 10, "value " + i));
      }
    }
    assertThat(Files.size(file)).isLessThan(70_000);
    try (Journal journal = open()) {
      assertThat(journal.restored()).hasSize(10).containsEntry("key 9", "value 19999");
    }
  }

  @Test
  void cutAtAnyByte_readsAsAnEarlierContent() throws Exception {
    List<Map<String, String>> history = writeHistory(11, 30);
    byte[] whole = Files.readAllBytes(file);
    int last = 0;
    for (int length = 0; length <= whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      int found = history.indexOf(read());
      assertThat(found).as("cut at byte %d", length).isGreaterThanOrEqualTo(last);
      last = found;
    }
    assertThat(last).isEqualTo(history.size() - 1);
  }

  @Test
  void anyByteChanged_readsAsAnEarlierContent() throws Exception {
    List<Map<String, String>> history = writeHistory(12, 20);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, damaged);
      assertThat(history).as("byte %d", at).contains(read());
    }
  }

  @Test
  void zerosBehindTheEnd_asFileSystemsLeaveThem_areNotRecords() throws Exception {
    List<Map<String, String>> history = writeHistory(13, 5);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 4096));
    assertThat(read()).isEqualTo(history.get(history.size() - 1));
    assertThat(Files.size(file)).isEqualTo(whole.length);
  }

  @Test
  void diskFull_changesFailWithTheReason_andOnceThereIsRoomNothingIsMissing() throws Exception {
    leaks.expectErrors();
    try (Journal journal = open()) {
      append(journal, Change.put("a", "1"));
      disk.leaveRoom(10);
      assertThatThrownBy(() -> append(journal, Change.put("b", "2")))
          .hasMessageContaining("No space left on device");
      assertThat(journal.trouble()).contains("No space left on device");
      assertThatThrownBy(() -> append(journal, Change.remove("b")))
          .hasMessageContaining("No space left on device");
      assertThat(read(Files.readAllBytes(file))).isEqualTo(Map.of("a", "1"));
      disk.repair();
      append(journal, Change.put("c", "3"));
      assertThat(journal.trouble()).isEmpty();
    }
    assertThat(read()).isEqualTo(Map.of("a", "1", "c", "3"));
  }

  @Test
  void diskFailsAtAnyOperation_thenCrash_whatWasAcknowledgedIsThere() throws Exception {
    leaks.expectErrors();
    for (int fault = 0; fault < 24; fault++) {
      file = directory.resolve("fault" + fault + "/nse.journal");
      Map<String, String> acknowledged = new HashMap<>();
      List<Map<String, String>> possible = new ArrayList<>();
      try (Journal journal = open()) {
        disk.failAfter(fault);
        Map<String, String> asked = new HashMap<>();
        possible.add(Map.of());
        for (int i = 0; i < 30; i++) {
          // Large enough for the file to be compacted on the way.
          Change change = Change.put("k" + i % 3, i + "x".repeat(9_000));
          asked.put(change.key(), change.value().orElseThrow());
          boolean done = isDone(journal.append(List.of(change)));
          if (done) {
            acknowledged = Map.copyOf(asked);
            possible.clear();
          }
          possible.add(Map.copyOf(asked));
          Map<String, String> crashed = read(Files.readAllBytes(file));
          assertThat(possible).as("fault %d, step %d", fault, i).contains(crashed);
          if (done) {
            assertThat(crashed).isEqualTo(acknowledged);
          }
          if (i == 20) {
            disk.repair();
          }
        }
        assertThat(journal.trouble()).isEmpty();
      } finally {
        disk.repair();
      }
      assertThat(read()).isEqualTo(acknowledged).hasSize(3);
    }
  }

  /** Random changes, and the content after each of them. */
  private List<Map<String, String>> writeHistory(int seed, int changes) throws Exception {
    Random random = new Random(seed);
    List<Map<String, String>> history = new ArrayList<>(List.of(Map.of()));
    Map<String, String> content = new HashMap<>();
    try (Journal journal = open()) {
      for (int i = 0; i < changes; i++) {
        List<Change> group = new ArrayList<>();
        for (int j = 0; j <= random.nextInt(3); j++) {
          String key = "key " + random.nextInt(8);
          group.add(
              random.nextInt(3) == 0 ? Change.remove(key) : Change.put(key, i + " " + j + " ö"));
        }
        group.forEach(change -> JournalFile.apply(change, content));
        history.add(Map.copyOf(content));
        append(journal, group.toArray(Change[]::new));
      }
    }
    return history;
  }

  private static void held(AtomicBoolean busy, List<Runnable> held, Runnable job) {
    if (busy.get()) {
      held.add(job);
    } else {
      job.run();
    }
  }

  private Journal open() throws IOException {
    return Journal.open(file, Runnable::run, disk);
  }

  private Map<String, String> read() throws IOException {
    try (Journal journal = Journal.open(file, Runnable::run, new FaultyDisk())) {
      return journal.restored();
    }
  }

  /** As a reader finds it after a crash now. */
  private Map<String, String> read(byte[] crashed) throws IOException {
    Path copy = directory.resolve("copy/nse.journal");
    Files.createDirectories(copy.getParent());
    Files.write(copy, crashed);
    try (Journal journal = Journal.open(copy, Runnable::run, new FaultyDisk())) {
      return journal.restored();
    }
  }

  private static void append(Journal journal, Change... changes) throws Exception {
    try {
      var unused = journal.append(List.of(changes)).toCompletableFuture().get();
    } catch (java.util.concurrent.ExecutionException failure) {
      throw (Exception) failure.getCause();
    }
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    return !stage.toCompletableFuture().isCompletedExceptionally();
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
