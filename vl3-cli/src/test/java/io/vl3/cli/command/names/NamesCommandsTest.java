package io.vl3.cli.command.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.vl3.api.svreg.RegistryGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.Workload;
import io.vl3.api.svreg.WorkloadIdentifier;
import io.vl3.cli.Vl3;
import io.vl3.cli.config.TlsConfig;
import io.vl3.cli.names.NamesServer;
import io.vl3.failure.EndpointException;
import io.vl3.transport.TransportUrl;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NamesCommandsTest {

  private static final long BYTES = 1024 * 1024;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final NamesServer server;
  private final int port;
  private final ManagedChannel channel;

  NamesCommandsTest() throws EndpointException {
    server =
        NamesServer.start(
            new NamesServer.Settings("127.0.0.1:0", new TlsConfig.None(), Optional.empty(), BYTES));
    port = ((TransportUrl.Tcp) server.url()).port();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  @BeforeEach
  void register() {
    var unusedWeb = RegistryGrpc.newBlockingStub(channel).registerWorkload(workload("web", "cd1"));
    var unusedApi = RegistryGrpc.newBlockingStub(channel).registerWorkload(workload("api", "cd2"));
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void list_showsARowForEachWorkload() {
    assertThat(names("list")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            NAME  DOMAIN  WORKLOAD  NSE       ADDRESS       PORTS
            web   cd1     c1/pod-1  c1_nse-1  10.60.0.1/30  80 443
            api   cd2     c1/pod-1  c1_nse-1  10.60.0.1/30  80 443
            """);
  }

  @Test
  void list_asJson_isProtobufsOwn() {
    assertThat(names("list", "--output", "json")).isZero();
    assertThat(out.toString())
        .contains("\"version\" : 1", "\"serviceName\" : \"web\"", "\"ports\" : [ 80, 443 ]");
  }

  @Test
  void lookup_findsANameInItsDomain_andSaysWhenThereIsNone() {
    assertThat(names("lookup", "api")).isZero();
    assertThat(out.toString()).contains("api   cd2").doesNotContain("web");
    assertThat(names("lookup", "api", "--domain", "cd1")).isEqualTo(4);
    assertThat(err.toString()).contains("name: api (expected: one that is registered)");
  }

  @Test
  void nobodyThere_isUnreachable() {
    server.close();
    assertThat(names("list")).isEqualTo(3);
    assertThat(err.toString()).contains("workload registry at 127.0.0.1:" + port);
  }

  @Test
  void serve_refusesOtherMachinesWithoutTls_andNonsense() {
    assertThat(execute("names", "serve", "--listen-on", "0.0.0.0:50051")).isEqualTo(2);
    assertThat(err.toString())
        .contains(
            "0.0.0.0:50051 without TLS (expected: the loopback, --tls-config, or --insecure)");
    assertThat(execute("names", "serve", "--memory", "0")).isEqualTo(2);
    assertThat(execute("names", "serve", "--lifetime", "soon")).isEqualTo(2);
    assertThat(execute("names", "list", "--registry", "nowhere")).isEqualTo(2);
  }

  private static ServiceWorkload workload(String service, String domain) {
    return ServiceWorkload.newBuilder()
        .setServiceName(service)
        .setConnectivityDomain(domain)
        .addPorts(80)
        .addPorts(443)
        .addWorkloads(
            Workload.newBuilder()
                .setIdentifier(
                    WorkloadIdentifier.newBuilder()
                        .setCluster("c1")
                        .setPodName("pod-1")
                        .setName(service)
                        .setNseName("c1_nse-1"))
                .addIPAddress("10.60.0.1/30"))
        .build();
  }

  private int names(String... arguments) {
    List<String> all = new ArrayList<>(List.of("names"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--registry", "127.0.0.1:" + port));
    return execute(all.toArray(String[]::new));
  }

  private int execute(String... arguments) {
    CommandLine line = Vl3.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }
}
