package io.vl3.cli.command.run;

import io.vl3.cli.config.EndpointConfig;
import io.vl3.ipam.PrefixSource;
import io.vl3.net.IpPrefix;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Prints that an NSE is registered and which prefix it owns, and a line whenever that has become
 * another one. Thread-safe.
 */
final class PrefixLines {

  private final EndpointConfig nse;
  private final String name;
  private final String rest;
  private final Consumer<String> out;
  private List<IpPrefix> printed = List.of();

  /**
   * Lines of one NSE.
   *
   * @param name as it is registered
   * @param rest what else is said once
   */
  PrefixLines(EndpointConfig nse, String name, String rest, Consumer<String> out) {
    this.nse = nse;
    this.name = name;
    this.rest = rest;
    this.out = out;
  }

  /** Prints from now on; changes on the executor, as a source must not wait for a terminal. */
  void follow(PrefixSource source, Executor executor) {
    registered(source.current());
    source.onChange(() -> executor.execute(() -> changed(source.current())));
    changed(source.current());
  }

  private synchronized void registered(PrefixSource.State state) {
    printed = state.prefixes();
    String prefix =
        printed.isEmpty() ? "prefix not known yet, " + nse.ipam().choice().why() : words(printed);
    out.accept("%s: registered for %s, %s, %s%n".formatted(name, nse.service(), prefix, rest));
  }

  private synchronized void changed(PrefixSource.State state) {
    if (state.prefixes().equals(printed)) {
      return;
    }
    printed = state.prefixes();
    String why = state instanceof PrefixSource.Missing missing ? missing.why() : words(printed);
    out.accept("%s: %s%n".formatted(name, why));
  }

  private static String words(List<IpPrefix> prefixes) {
    return "prefix " + prefixes.stream().map(IpPrefix::toString).collect(Collectors.joining(", "));
  }
}
