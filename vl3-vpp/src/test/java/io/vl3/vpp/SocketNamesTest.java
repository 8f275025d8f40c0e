package io.vl3.vpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Mechanism;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers tell of their sockets, as VPP writes it, and what it must not be told. */
class SocketNamesTest {

  private static final SocketNames NAMES =
      new SocketNames(Optional.of("file:///proc/1/ns/net"), Optional.of(Path.of("/run/vl3/memif")));

  @ParameterizedTest
  @CsvSource({
    "/run/x.sock, '', /run/x.sock",
    "x.sock, '', /run/vl3/memif/x.sock",
    "@x, '', abstract:x",
    "@x, file:///proc/1/ns/net, abstract:x",
    "@x, file:///proc/2/ns/net, 'abstract:x,netns_name=/proc/2/ns/net'"
  })
  void names_areVpps(String told, String netns, String vpp) throws EndpointException {
    assertThat(NAMES.vppName(mechanism(told, netns))).isEqualTo(vpp);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "../x.sock", "a/../../x.sock", "a\0b", "/a\0b", "@a\nb", "@x,netns_name=/y"})
  void whatIsNone_isRefused_namingTheParameter(String told) {
    assertRefused(NAMES, told);
    assertRefused(SocketNames.PLAIN, told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inode://4/5", "file:///proc/2/ns/net,x=y", "file:///a\0b"})
  void namespaceThatVppCannotOpen_isRefused(String netns) {
    assertThatThrownBy(() -> NAMES.vppName(mechanism("@x", netns)))
        .hasMessageStartingWith("mechanism.parameters.inodeURL: ")
        .hasMessageEndingWith("(expected: file://PATH, which VPP can open)");
  }

  @Test
  void longNames_areRefused() {
    assertRefused(NAMES, "/" + "x".repeat(108));
    assertRefused(NAMES, "@" + "x".repeat(100));
  }

  private static void assertRefused(SocketNames names, String told) {
    assertThatThrownBy(() -> names.vppName(mechanism(told, "")))
        .hasMessageStartingWith("mechanism.parameters.socketfile: ")
        .isInstanceOfSatisfying(
            EndpointException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID));
  }

  private static Mechanism mechanism(String told, String netns) {
    Mechanism memif = Mechanism.local(Mechanism.MEMIF, Map.of(Mechanism.SOCKET_FILE, told));
    return netns.isEmpty() ? memif : memif.with(Mechanism.INODE_URL, netns);
  }
}
