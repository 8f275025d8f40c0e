package io.vl3.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.api.admin.v1.SettingChange;
import io.vl3.nsm.Eventually;
import io.vl3.nsm.junit.EmbeddedManagerExtension;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody tidies up in the run directory. */
class AdminServerTest {

  @RegisterExtension final EmbeddedManagerExtension nsm = new EmbeddedManagerExtension();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {".sock", ".lock", ""})
  void whatIsDeleted_isMadeAnew_saidOnce_andFoundByOthers(String suffix) throws Exception {
    try (LogLines log = LogLines.of(AdminServer.class.getName());
        AdminServer server = AdminServer.start(nsm.runtime(), directory, observed())) {
      Path socket = server.socket();
      assertThat(AdminSockets.in(directory)).containsExactly(socket);
      delete(socket.getParent(), suffix);
      Path lock = Path.of(socket.toString().replace(".sock", ".lock"));
      Eventually.until("it is there again", () -> answers(socket) && Files.exists(lock));
      assertThat(server.socket()).isEqualTo(socket);
      assertThat(AdminSockets.in(directory)).containsExactly(socket);
      assertThat(log.lines(Level.WARN)).containsExactly(socket + ": was deleted, and is made anew");
    }
    assertThat(directory.resolve("admin")).doesNotExist();
  }

  @Test
  void whatChangesSomething_isWaitedForLongerThanWhatIsShown() throws Exception {
    Control.Change change = new Control.Change("labels", "a", "b");
    Control slow =
        new Control() {
          @Override
          public List<Change> reload(Optional<Path> file) {
            return List.of(change);
          }

          @Override
          public void restart() {}
        };
    try (AdminServer server =
            AdminServer.start(nsm.runtime(), directory, observed().withControl(slow));
        AdminClient client =
            AdminClient.open(server.socket(), nsm.runtime().transport(), Duration.ofNanos(1))) {
      assertThatThrownBy(client::status).hasMessageContaining("deadline");
      assertThat(client.reload(Optional.empty()))
          .containsExactly(
              SettingChange.newBuilder().setSetting("labels").setBefore("a").setAfter("b").build());
    }
  }

  @Test
  void aRunDirectoryBehindASymbolicLink_isLookedThroughByItsOwnName() throws Exception {
    Path behind = Files.createDirectory(directory.resolve("behind"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), behind);
    try (AdminServer server = AdminServer.start(nsm.runtime(), link, observed())) {
      assertThat(AdminSockets.in(link)).containsExactly(server.socket());
      assertThat(server.socket()).startsWith(link);
    }
  }

  private Observed observed() {
    return Observed.of("run", "0", nsm.runtime().timer().instant(), nsm.runtime().board());
  }

  /** Files that end so; with an empty end the directory too. */
  private static void delete(Path admin, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(admin)) {
      for (Path file : files.filter(each -> each.toString().endsWith(suffix)).toList()) {
        Files.delete(file);
      }
    }
    if (suffix.isEmpty()) {
      Files.delete(admin);
    }
  }

  private static boolean answers(Path socket) {
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return client.isConnected();
    } catch (IOException nobody) {
      return false;
    }
  }
}
