package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

  @Test
  void lock_isHeldUntilClosed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("nse").resolve("a.lock");
    assertThat(ProcessLock.isHeld(file)).isFalse();
    ProcessLock lock = ProcessLock.tryAcquire(file).orElseThrow();
    assertThat(ProcessLock.isHeld(file)).isTrue();
    assertThat(ProcessLock.tryAcquire(file)).isEmpty();
    lock.close();
    lock.close();
    assertThat(ProcessLock.isHeld(file)).isFalse();
    assertThat(file).exists();
  }
}
