package io.vl3.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

  @TempDir private Path directory;

  @Test
  void lock_isHeldUntilClosed_andTakesItsFileAlong() throws Exception {
    Path file = directory.resolve("nse").resolve("a.lock");
    assertThat(ProcessLock.isHeld(file)).isFalse();
    ProcessLock lock = ProcessLock.tryAcquire(file).orElseThrow();
    assertThat(ProcessLock.isHeld(file)).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(ProcessLock.tryAcquire(file)).isEmpty();
    lock.close();
    lock.close();
    assertThat(file).doesNotExist();
    ProcessLock.tryAcquire(file).orElseThrow().close();
  }

  @Test
  void heldByAnotherProcess_isRefused_andTakenOverAfterItsDeath() throws Exception {
    Path file = directory.resolve("a.lock");
    Process other = Contender.start(file, 1, directory.resolve("log"));
    assertThat(other.getInputStream().read()).isEqualTo('+');
    assertThat(ProcessLock.tryAcquire(file)).isEmpty();
    other.destroyForcibly().waitFor();
    assertThat(file).exists();
    ProcessLock.tryAcquire(file).orElseThrow().close();
  }

  @Test
  void lockWhoseFileAnotherHasReplaced_knowsIt_andLeavesTheOthers() throws Exception {
    Path file = directory.resolve("a.lock");
    ProcessLock lock = ProcessLock.tryAcquire(file).orElseThrow();
    assertThat(lock.isInPlace()).isTrue();
    Files.delete(file);
    assertThat(lock.isInPlace()).isFalse();
    Process other = Contender.start(file, 1, directory.resolve("log"));
    assertThat(other.getInputStream().read()).isEqualTo('+');
    assertThat(lock.isInPlace()).isFalse();
    lock.close();
    assertThat(file).exists();
    assertThat(ProcessLock.isHeld(file)).isTrue();
    other.destroyForcibly().waitFor();
  }

  /** Each takes and releases the lock many times; a file of marks shows whether two ever had it. */
  @Test
  void manyProcessesTakeTurns_neverTwoAtOnce() throws Exception {
    Path file = directory.resolve("a.lock");
    Path log = Files.createFile(directory.resolve("log"));
    List<Process> others = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      others.add(Contender.start(file, 300, log));
    }
    for (Process other : others) {
      other.getOutputStream().close();
      assertThat(other.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(other.exitValue()).isZero();
    }
    int inside = 0;
    for (char mark : Files.readString(log).toCharArray()) {
      inside += mark == '+' ? 1 : -1;
      assertThat(inside).isBetween(0, 1);
    }
    assertThat(Files.size(log)).isEqualTo(3 * 300 * 2);
    assertThat(file).doesNotExist();
  }

  /** A process that takes the lock a number of times; with one, it holds it until stdin ends. */
  static final class Contender {

    private Contender() {}

    static Process start(Path file, int times, Path log) throws Exception {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              Contender.class.getName(),
              file.toString(),
              Integer.toString(times),
              log.toString())
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    }

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      int times = Integer.parseInt(arguments[1]);
      Path log = Path.of(arguments[2]);
      for (int taken = 0; taken < times; ) {
        Optional<ProcessLock> lock = ProcessLock.tryAcquire(file);
        if (lock.isPresent()) {
          note(log, "+", times);
          note(log, "-", times);
          lock.get().close();
          taken++;
        }
      }
    }

    private static void note(Path log, String mark, int times) throws Exception {
      if (times > 1) {
        Files.writeString(log, mark, StandardOpenOption.APPEND);
      } else if (mark.equals("+")) {
        System.out.print(mark);
        System.out.flush();
        System.in.read();
      }
    }
  }
}
