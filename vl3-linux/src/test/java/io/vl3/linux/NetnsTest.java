package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresNetns
class NetnsTest {

  @Test
  void create_listsLocatesAndDeletes() throws Exception {
    try (TestNetns fixtures = new TestNetns("nstest")) {
      Netns netns = fixtures.add("a");
      String name = String.valueOf(netns.path().getFileName());

      assertThat(Netns.list("nstest-")).contains(name);
      assertThat(Netns.locate(netns.url())).isEqualTo(netns);
      assertThat(Netns.locate(netns.inodeUrl())).isEqualTo(netns);
      assertThatThrownBy(() -> Netns.create(name)).hasMessageContaining(name);

      Netns.delete(name);
      Netns.delete(name);
      assertThat(Netns.list("nstest-")).doesNotContain(name);
      assertThatThrownBy(() -> Netns.locate(netns.url()))
          .isInstanceOf(IOException.class)
          .hasMessage("network namespace: %s (expected: one that exists)", netns.url());
    }
  }

  /** A process that pins it in a mount namespace of its own takes the pin along when it dies. */
  @Test
  void aFileThatPinsNothing_isNoNamespace_andMakesRoom() throws Exception {
    String name = "nstest-" + ProcessHandle.current().pid() + "-gone";
    Path pin = Netns.named(name).path();
    try (TestNetns fixtures = new TestNetns("nstest")) {
      fixtures.add("any"); // there is a directory now
      Process dead =
          new ProcessBuilder(
                  "unshare", "--mount", "--propagation", "private", "ip", "netns", "add", name)
              .inheritIO()
              .start();
      assertThat(dead.waitFor()).isZero();
      assertThat(pin).isEmptyFile();
      assertThat(Netns.named(name).exists()).isFalse();

      Netns made = Netns.create(name);
      assertThat(made.exists()).isTrue();
      made.call(() -> "entered");
      Netns.delete(name);
      assertThat(pin).doesNotExist();
      Files.writeString(pin, "x");
      Netns.delete(name);
      assertThat(pin).doesNotExist();
    }
  }

  @Test
  void call_socketStaysInTheNamespace() throws Exception {
    try (TestNetns fixtures = new TestNetns("nstest")) {
      Netns netns = fixtures.add("s");
      try (ServerSocket inside =
          netns.call(() -> new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0")))) {
        try (ServerSocket outside =
            new ServerSocket(inside.getLocalPort(), 1, InetAddress.getByName("0.0.0.0"))) {
          assertThat(outside.isBound()).isTrue();
        }
      }
    }
  }

  @Test
  void call_taskFails_throwsItsOwnException() throws Exception {
    try (TestNetns fixtures = new TestNetns("nstest")) {
      Netns netns = fixtures.add("f");
      assertThatThrownBy(
              () ->
                  netns.call(
                      () -> {
                        throw new IOException("mine");
                      }))
          .hasMessage("mine");
    }
  }

  @Test
  void call_fileIsNoNamespace_saysSo() {
    assertThatThrownBy(() -> new Netns(Path.of("/dev/null")).call(() -> 1))
        .hasMessageContaining("network namespace: /dev/null");
  }

  @Test
  void named_badName_isRefused() {
    for (String name : List.of("", "../x", "a/b", "-x", ".", "a b")) {
      assertThatThrownBy(() -> Netns.named(name)).hasMessageContaining("namespace name: " + name);
    }
  }
}
