package io.vl3.cli.command.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.cli.config.mistake.ConfigException;
import io.vl3.cli.config.read.ConfigReader;
import io.vl3.cli.config.read.Overrides;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrefixLinesTest {

  private final List<String> printed = new ArrayList<>();
  private final Source source = new Source();

  @Test
  void prefixThatComesLater_isPrinted_andEveryOtherOne_once() throws ConfigException {
    follow("      serverAddress: ipam:50051\n");
    assertThat(printed)
        .containsExactly(
            "nse: registered for vl3, prefix not known yet, leased from the IPAM at ipam:50051,"
                + " here\n");
    source.state(new PrefixSource.Known(List.of(IpPrefix.parse("10.60.3.0/24"))));
    source.state(new PrefixSource.Known(List.of(IpPrefix.parse("10.60.3.0/24"))));
    source.state(new PrefixSource.Missing("no prefix any more: the lease ended"));
    assertThat(printed.subList(1, printed.size()))
        .containsExactly(
            "nse: prefix 10.60.3.0/24\n", "nse: no prefix any more: the lease ended\n");
  }

  @Test
  void prefixThatIsThere_isInTheFirstLine() throws ConfigException {
    source.state = new PrefixSource.Known(List.of(IpPrefix.parse("10.60.0.0/24")));
    follow("      prefixIndex: 0\n");
    assertThat(printed).containsExactly("nse: registered for vl3, prefix 10.60.0.0/24, here\n");
  }

  private void follow(String ipam) throws ConfigException {
    String text =
        "endpoints:\n- name: vl3\n  vl3:\n    ipam:\n      defaultPrefixPool: 10.60.0.0/16\n"
            + ipam;
    EndpointConfig nse =
        ConfigReader.read("vl3.yaml", text, Map.of(), Overrides.NONE).endpoints().get(0);
    new PrefixLines(nse, "nse", "here", printed::add).follow(source, Runnable::run);
  }

  private static final class Source implements PrefixSource {
    private State state = new Missing("no prefix yet");
    private Runnable listener = () -> {};

    void state(State now) {
      state = now;
      listener.run();
    }

    @Override
    public State current() {
      return state;
    }

    @Override
    public void onChange(Runnable told) {
      listener = told;
    }
  }
}
