package io.vl3.cli.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.linux.Netns;
import io.vl3.linux.testing.RequiresNetns;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code examples/helloworld}: what its page promises. */
@RequiresNetns
class HelloworldTest {

  private static final String NAME = "helloworld";

  @TempDir private Path directory;
  private List<String> namespaces;

  @BeforeEach
  void look() throws Exception {
    namespaces = Netns.list("");
  }

  @AfterEach
  void noNamespaceIsLeft() throws Exception {
    assertThat(Netns.list("")).isEqualTo(namespaces);
  }

  @Test
  void everyPairAnswers_onePairThatFailsIsNamed_andNothingIsLeft() throws Exception {
    Example example =
        Example.start(directory, NAME, "--shell")
            .type(
                """
                to=$(ip -n hello-3 -4 -o address show dev nsm0 | sed 's/.* inet \\([0-9.]*\\).*/\\1/')
                ip -n hello-1 route add blackhole "$to"
                ! %s/check
                """
                    .formatted(Example.path(NAME)));
    assertThat(example.exitCode()).as(example.output()).isZero();
    assertThat(example.output())
        .containsPattern(
            "hello-1: http://10\\.60\\.3\\.\\d+:5000/hello: Hello version: v1, instance: hello-")
        .contains("all 12 pairs answer")
        .contains("2 of 12 pairs fail: hello-3 -> hello-1; hello-1 -> hello-3")
        .contains("no process, interface or namespace of theirs is left");
    assertThat(example.left()).isEmpty();
  }

  @Test
  void processThatEnds_failsTheRun_andIsNamedWithItsLastWords() throws Exception {
    Path vl3 = directory.resolve("vl3");
    Files.writeString(vl3, "#!/bin/sh\n[ \"$1\" != run ] || { echo 'no such file'; exit 2; }\n");
    Files.setPosixFilePermissions(vl3, PosixFilePermissions.fromString("rwxr-xr-x"));
    Example example = Example.start(directory, vl3, NAME);
    assertThat(example.exitCode()).as(example.output()).isEqualTo(1);
    assertThat(example.output())
        .contains("no such file")
        .containsPattern("helloworld: 2\\. Three NSEs.*: nse-[123] has ended");
    assertThat(example.left()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143", "KILL, 137"})
  void runThatIsKilled_leavesNothing(String signal, int exitCode) throws Exception {
    Example example = Example.start(directory, NAME);
    example.awaitOutput("2. Three NSEs");
    example.signal(signal);
    assertThat(example.exitCode()).as(example.output()).isEqualTo(exitCode);
    example.awaitNothingLeft();
  }
}
