package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.UserNamespace.Ability;
import io.vl3.linux.testing.RequiresNetns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresNetns
class UserNamespaceTest {

  @Test
  void detect_privileged_isDirect() {
    assertThat(UserNamespace.detect()).isEqualTo(new Ability.Direct());
  }

  @Test
  void command_wrapsSoThatNamespacesAndLinksCanBeMade() throws Exception {
    String script =
        "ip netns add a && ip -n a link add nsm0 type veth peer name w && ip netns && echo $"
            + UserNamespace.ENTERED;
    assertThat(run(UserNamespace.command(List.of("sh", "-c", script)))).isEqualTo("a\n1\n");
    assertThat(Netns.list("a")).doesNotContain("a");
  }

  /** The whole data plane as an ordinary user sees it: our own test, inside a user namespace. */
  @Test
  void command_dataPlaneWorksInside() throws Exception {
    List<String> java =
        List.of(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            UserNamespaceProbe.class.getName());
    assertThat(run(UserNamespace.command(java))).isEqualTo("alive true\n");
  }

  private static String run(List<String> command) throws IOException {
    // Newer JDKs warn of native access on stderr.
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
