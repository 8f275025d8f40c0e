package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.registry.EndpointQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

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

  private Path socket() {
    return directory.resolve(LocalManager.SOCKET);
  }

  private LocalManager join() throws Exception {
    return LocalManager.join(directory, ManagerSettings.NONE, nsm.runtime(), MemoryDataPlane::new);
  }
}
