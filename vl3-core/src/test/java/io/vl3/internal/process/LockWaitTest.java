package io.vl3.internal.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.internal.process.ProcessLockTest.Contender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockWaitTest {

  @TempDir private Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void itsHoldersDeath_wakesOnce_andLeavesTheLockToBeTaken() throws Exception {
    Path file = directory.resolve("a.lock");
    Process holder = holder(file);
    Semaphore woken = new Semaphore(0);
    LockWait wait = LockWait.begin(file, threads, woken::release).orElseThrow();
    assertThat(woken.availablePermits()).isZero();
    holder.destroyForcibly().waitFor();
    assertThat(woken.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    ProcessLock.tryAcquire(file).orElseThrow().close();
    wait.close();
    assertThat(woken.availablePermits()).isZero();
  }

  @Test
  void aLockThatIsReleasedInOrder_wakesToo() throws Exception {
    Path file = directory.resolve("a.lock");
    Process holder = holder(file);
    CountDownLatch woken = new CountDownLatch(1);
    LockWait wait = LockWait.begin(file, threads, woken::countDown).orElseThrow();
    holder.getOutputStream().close();
    assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(holder.waitFor()).isZero();
    wait.close();
  }

  @Test
  void whoWaitsNoMore_isNotWoken_andMayWaitAgain() throws Exception {
    Path file = directory.resolve("a.lock");
    Process holder = holder(file);
    Semaphore woken = new Semaphore(0);
    LockWait.begin(file, threads, woken::release).orElseThrow().close();
    LockWait again = LockWait.begin(file, threads, woken::release).orElseThrow();
    assertThat(LockWait.begin(file, threads, woken::release)).as("one for a file").isEmpty();
    again.close();
    again.close();
    holder.destroyForcibly().waitFor();
    ProcessLock.tryAcquire(file).orElseThrow().close();
    assertThat(woken.availablePermits()).isZero();
  }

  /** Closing any descriptor of the file would drop the lock of the process. */
  @Test
  void aLockThatThisProcessTakes_isKept_andWakesWhoWaited() throws Exception {
    Path file = Files.createFile(directory.resolve("a.lock"));
    Process holder = holder(file);
    CountDownLatch woken = new CountDownLatch(1);
    LockWait wait = LockWait.begin(file, threads, woken::countDown).orElseThrow();
    assertThat(ProcessLock.tryAcquire(file)).isEmpty();
    assertThat(woken.await(30, TimeUnit.SECONDS)).isTrue();
    holder.destroyForcibly().waitFor();
    ProcessLock ours = ProcessLock.tryAcquire(file).orElseThrow();
    wait.close();
    assertThat(LockWait.begin(file, threads, woken::countDown)).isEmpty();
    assertThat(ours.isInPlace()).isTrue();
    Process other = Contender.start(file, 1, directory.resolve("log"));
    assertThat(other.getInputStream().available()).isZero();
    ours.close();
    assertThat(other.getInputStream().read()).isEqualTo('+');
    other.destroyForcibly().waitFor();
  }

  @Test
  void aFileThatIsNotThere_cannotBeWaitedFor() {
    assertThat(LockWait.begin(directory.resolve("none.lock"), threads, () -> {})).isEmpty();
  }

  @Test
  void threadsThatTakeNoTask_leaveNothingBehind() throws Exception {
    Path file = directory.resolve("a.lock");
    Process holder = holder(file);
    ExecutorService ended = Executors.newCachedThreadPool();
    ended.shutdown();
    assertThat(LockWait.begin(file, ended, () -> {})).isEmpty();
    assertThat(LockWait.begin(file, threads, () -> {})).isPresent();
    holder.destroyForcibly().waitFor();
  }

  private Process holder(Path file) throws Exception {
    Process holder = Contender.start(file, 1, directory.resolve("log"));
    assertThat(holder.getInputStream().read()).isEqualTo('+');
    return holder;
  }
}
