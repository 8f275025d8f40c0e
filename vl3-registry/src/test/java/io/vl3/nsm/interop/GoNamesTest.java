package io.vl3.nsm.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.api.connection.Connection;
import io.vl3.ipam.FixedPrefixes;
import io.vl3.nameserver.internal.NameServer;
import io.vl3.net.IpPrefix;
import io.vl3.nsm.Eventually;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * Names of workloads at our endpoint and at NSM's own vL3, asked of the other one's name server.
 * The network lies in 127.0.0.0/16, whose every address is this machine's, so that the servers are
 * reached at the addresses that they tell; ports differ instead.
 */
@RequiresGo
class GoNamesTest {

  private static final String TEMPLATE = "{{ index .Labels \"podName\" }}.{{ .NetworkService }}.";
  private static final String POOL = "127.0.0.0/16";
  private static final String GO = "127.0.1.0/24";
  private static final String OURS = "127.0.2.0/24";
  private static final String OURS_FIRST = "127.0.2.0";

  private final int goPort = freePort();
  private final OwnNames names = OwnNames.by(TEMPLATE);
  private GoMesh mesh;
  private NameServer server;

  @BeforeEach
  void start() throws Exception {
    mesh = GoMesh.start();
    server = mesh.closing(names.serve(mesh.runtime(), POOL, OURS_FIRST, goPort));
  }

  @AfterEach
  void stop() throws Exception {
    mesh.close();
  }

  @Test
  void weDialTheReference_namesAreFoundBothWays() throws Exception {
    GoPeer go = goEndpoint();
    OwnNse own = ownEndpoint();
    Eventually.until("told each other", () -> names.servers().size() == 1);
    assertNamesBothWays();
    go.close();
    Eventually.until("its server is forgotten", () -> names.servers().size() == 0);
    own.close();
  }

  @Test
  void theReferenceDialsUs_namesAreFoundBothWays() throws Exception {
    ownEndpoint();
    goEndpoint().await("dialled", "own");
    assertNamesBothWays();
  }

  private void assertNamesBothWays() throws Exception {
    GoPeer client = mesh.client("nsc", "-heal=false");
    Connection atGo = client.ask("request", Asked.of("at-go", "go"), "").connection();
    Connection atOurs = client.ask("request", Asked.of("at-ours", "own"), "").connection();
    String goAddress = address(atGo);
    String ourAddress = address(atOurs);
    assertThat(goAddress).startsWith("127.0.1.");
    assertThat(ourAddress).startsWith("127.0.2.");

    awaitName("at-go.vl3.", goAddress, server.port());
    awaitName("at-go.vl3.", goAddress, goPort);
    // The reference compares letter by letter; some resolvers mix the case of what they ask.
    awaitName("aT-Go.VL3.", goAddress, server.port());
    Connection capital = client.ask("request", Asked.of("Cap-At-Go", "go"), "").connection();
    awaitName("Cap-At-Go.vl3.", address(capital), server.port());
    client.ask("close", capital, "");
    awaitName("at-ours.vl3.", ourAddress, server.port());
    awaitName("at-ours.vl3.", ourAddress, goPort);
    awaitCode("at-go.vl3.", Type.AAAA, server.port(), Rcode.NOERROR);
    assertThat(ask("at-go.vl3.", Type.A, server.port()).getSection(Section.ANSWER))
        .allMatch(record -> record.getTTL() <= 10);
    // Each asks the other, and neither asks back for ever.
    awaitCode("nobody.vl3.", Type.A, server.port(), Rcode.NXDOMAIN);
    awaitCode("nobody.vl3.", Type.A, goPort, Rcode.SERVFAIL);

    // Its search domains are those that the reference gives, and the server is our only address.
    assertThat(atOurs.getContext().getDnsContext().getConfigsList()).hasSize(1);
    assertThat(atOurs.getContext().getDnsContext().getConfigs(0).getSearchDomainsList())
        .isEqualTo(atGo.getContext().getDnsContext().getConfigs(0).getSearchDomainsList());
    assertThat(atOurs.getContext().getDnsContext().getConfigs(0).getDnsServerIpsList())
        .containsExactly(OURS_FIRST);

    client.ask("close", atOurs, "");
    client.ask("close", atGo, "");
    awaitCode("at-go.vl3.", Type.A, server.port(), Rcode.NXDOMAIN);
    awaitCode("at-ours.vl3.", Type.A, goPort, Rcode.SERVFAIL);
    assertThat(names.table().size()).isZero();
  }

  private GoPeer goEndpoint() throws Exception {
    return mesh.endpoint(
        "go", GO, "-dns", ":" + goPort, "-dns-peers", String.valueOf(server.port()));
  }

  private OwnNse ownEndpoint() throws Exception {
    return OwnNse.start(
        mesh, "own", new FixedPrefixes(List.of(IpPrefix.parse(OURS))), List.of(POOL), names);
  }

  private static String address(Connection connection) {
    String address = connection.getContext().getIpContext().getSrcIpAddrs(0);
    return address.substring(0, address.indexOf('/'));
  }

  private void awaitName(String name, String address, int port) throws Exception {
    Eventually.until(
        name + " at port " + port,
        () ->
            ask(name, Type.A, port).getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .toList()
                .equals(List.of(address)));
  }

  /** A server that is slow to answer the other makes it answer that it cannot tell. */
  private void awaitCode(String name, int type, int port, int code) throws Exception {
    Eventually.until(
        "%s at port %d: %s".formatted(name, port, Rcode.string(code)),
        () -> ask(name, type, port).getRcode() == code);
  }

  private Message ask(String name, int type, int port) throws IOException {
    SimpleResolver resolver = new SimpleResolver(port == goPort ? "127.0.0.1" : OURS_FIRST);
    resolver.setPort(port);
    resolver.setTimeout(Duration.ofSeconds(20));
    return resolver.send(
        Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN)));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }
}
