package io.vl3.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.Vl3Test.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class SubcommandsTest {

  static Set<String> names() {
    return Vl3.commandLine().getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void calledAlone_itIsAsInTheWhole(String name) {
    assertThat(Vl3.commandLine().getSubcommands().get(name).getCommandName()).isEqualTo(name);
    for (String option : List.of("--help", "--version", "--nope")) {
      String[] arguments = {name, option};
      assertThat(Run.of(Vl3.commandLine(List.of(arguments)), arguments))
          .isEqualTo(Run.of(Vl3.commandLine(), arguments));
    }
  }

  @Test
  void onlyTheCalledOne_isMade() {
    assertThat(made("run", "--config", "status")).containsExactly("run");
    assertThat(made("--debug", "vpp", "show")).containsExactly("vpp");
  }

  @Test
  void whatSpeaksOfAll_orOfNone_hasAll() {
    assertThat(Stream.of(made("help", "run"), made("completion"), made("rum"), made("--help")))
        .allSatisfy(made -> assertThat(made).isEqualTo(names()).hasSizeGreaterThan(20));
    assertThat(made()).isEqualTo(names());
  }

  private static Set<String> made(String... arguments) {
    Map<String, CommandLine> made = Vl3.commandLine(List.of(arguments)).getSubcommands();
    return made.keySet();
  }
}
