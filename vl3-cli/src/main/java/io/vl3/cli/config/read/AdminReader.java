package io.vl3.cli.config.read;

import io.vl3.admin.AdminAccess;
import io.vl3.admin.AdminPort;
import io.vl3.cli.config.AdminConfig;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.config.file.Section;
import io.vl3.cli.config.mistake.Located;
import io.vl3.cli.config.text.Parsers;
import io.vl3.transport.TransportUrl;
import java.util.List;
import java.util.Optional;

/** Reads {@code admin}: nobody is let in by accident. */
final class AdminReader {

  private AdminReader() {}

  /** The section's settings beside the identity that there is. */
  static AdminConfig read(Section section, TlsConfig tls) {
    Optional<TransportUrl.Tcp> listenOn =
        section
            .text("listenOn", Parsers::listenTcpUrl)
            .map(text -> (TransportUrl.Tcp) TransportUrl.parse(text.value()));
    List<String> allow =
        section.list("allow", AdminAccess::parse).stream().map(Located::value).toList();
    listenOn.ifPresent(url -> check(section, url, tls));
    if (listenOn.isEmpty() && section.has("allow") && !section.has("listenOn")) {
      section.missing("listenOn", "tcp://HOST:PORT, for those whom admin.allow names");
    }
    return new AdminConfig(listenOn, allow);
  }

  private static void check(Section section, TransportUrl.Tcp url, TlsConfig tls) {
    boolean named = section.has("allow");
    if (tls.on() && !named && !AdminPort.isLoopback(url.host())) {
      section.missing("allow", "SPIFFE IDs or trust domains that may ask");
    }
    if (!tls.on() && (named || !AdminPort.isLoopback(url.host()))) {
      section.refuse("listenOn", url.toString(), "nsm.tls, or the loopback without admin.allow");
    }
  }
}
