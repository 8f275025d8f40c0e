package io.vl3.cli.admin;

import io.vl3.admin.AdminPort;
import io.vl3.cli.CliException;
import io.vl3.cli.ExitCode;
import io.vl3.cli.config.TlsConfig;
import io.vl3.transport.TransportUrl;
import java.util.List;

/**
 * Processes of other machines that are asked.
 *
 * @param urls where their admin services listen
 * @param tls whence our identity comes; none: they are on this machine's loopback
 */
public record Nodes(List<TransportUrl.Tcp> urls, TlsConfig tls) {

  /** Nobody. */
  public static final Nodes NONE = new Nodes(List.of(), new TlsConfig.None());

  /** Where an admin service listens if nobody says. */
  public static final int PORT = 8044;

  /** Copies the list. */
  public Nodes {
    urls = List.copyOf(urls);
  }

  /**
   * Those of the texts.
   *
   * @param texts {@code HOST} or {@code HOST:PORT}, an IPv6 address in brackets
   * @throws CliException USAGE if one is malformed, or could not be told from another without TLS
   */
  public static Nodes of(List<String> texts, TlsConfig tls) {
    List<TransportUrl.Tcp> urls = texts.stream().map(Nodes::url).toList();
    for (TransportUrl.Tcp url : urls) {
      if (!tls.on() && !AdminPort.isLoopback(url.host())) {
        throw new CliException(
            ExitCode.USAGE,
            "--node: %s without an identity (expected: this machine's loopback, or an identity)"
                .formatted(url.host()),
            "Name a configuration with nsm.tls by --node-config.");
      }
    }
    return new Nodes(urls, tls);
  }

  private static TransportUrl.Tcp url(String text) {
    boolean hasPort = text.matches(".*[^:]:[0-9]+") && !text.matches("[^\\[]*:.*:.*");
    String whole = "tcp://" + (hasPort ? text : "%s:%d".formatted(bracketed(text), PORT));
    try {
      return (TransportUrl.Tcp) TransportUrl.parse(whole);
    } catch (IllegalArgumentException malformed) {
      throw new CliException(
          ExitCode.USAGE,
          "--node: %s (expected: HOST, HOST:PORT or [IPV6]:PORT)".formatted(text),
          "",
          malformed);
    }
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }
}
