package io.vl3.nsm.manager;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.nsm.Eventually;
import io.vl3.nsm.LocalTokens;
import io.vl3.nsm.ManagerAccess;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import io.vl3.nsm.junit.MemoryDataPlane;
import io.vl3.registry.EndpointQuery;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
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

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private Path socket() {
    return directory.resolve(LocalManager.SOCKET);
  }

  private LocalManager join() throws Exception {
    return LocalManager.join(directory, ManagerSettings.NONE, nsm.runtime(), MemoryDataPlane::new);
  }
}
