package io.vl3.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.failure.EndpointException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceLockTest {

  @TempDir private Path dir;

  @Test
  void take_whileHeld_namesTheHolder() throws Exception {
    Path file = dir.resolve("nse/a.lock");
    try (InstanceLock held = InstanceLock.take(file, "a")) {
      assertThat(held).isNotNull();
      assertThatThrownBy(() -> InstanceLock.take(file, "a"))
          .isInstanceOf(EndpointException.class)
          .hasMessageContaining("a: runs already");
    }
  }

  @Test
  void take_afterRelease_works() throws Exception {
    Path file = dir.resolve("a.lock");
    InstanceLock.take(file, "a").close();
    InstanceLock.take(file, "a").close();
  }
}
