package io.vl3.cli.kubernetes;

import io.vl3.nsm.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A real API server with an etcd of its own, on this machine's loopback, without controllers: what
 * is created is checked and kept, and nothing runs.
 */
final class ApiServer implements AutoCloseable {

  private static final String TOKEN = "for-this-test-alone";

  private final Path programs;
  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final Path kubeconfig;

  /** One that answers. */
  ApiServer(Path programs, Path directory) throws Exception {
    this.programs = programs;
    this.directory = directory;
    kubeconfig = directory.resolve("kubeconfig");
    int client = freePort();
    int peer = freePort();
    int port = freePort();
    start(
        "etcd",
        "--data-dir=" + directory.resolve("etcd"),
        "--listen-client-urls=http://127.0.0.1:" + client,
        "--advertise-client-urls=http://127.0.0.1:" + client,
        "--listen-peer-urls=http://127.0.0.1:" + peer,
        "--initial-advertise-peer-urls=http://127.0.0.1:" + peer,
        "--initial-cluster=default=http://127.0.0.1:" + peer);
    Path key = Files.writeString(directory.resolve("accounts.pem"), key());
    Path tokens = Files.writeString(directory.resolve("tokens"), TOKEN + ",admin,admin\n");
    start(
        "kube-apiserver",
        "--etcd-servers=http://127.0.0.1:" + client,
        "--bind-address=127.0.0.1",
        // Nobody else shall find it; and a machine without a default route has no other address.
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--secure-port=" + port,
        "--cert-dir=" + directory.resolve("certificates"),
        "--token-auth-file=" + tokens,
        "--authorization-mode=AlwaysAllow",
        "--service-account-issuer=https://accounts.example",
        "--service-account-key-file=" + key,
        "--service-account-signing-key-file=" + key,
        "--service-cluster-ip-range=10.96.0.0/16",
        "--allow-privileged=true", // as clusters have it that kubeadm makes
        // Pods' accounts are made by a controller, and there is none.
        "--disable-admission-plugins=ServiceAccount");
    Files.writeString(kubeconfig, kubeconfig(port));
    Eventually.until("the API server is ready", this::isReady);
  }

  /** For the scripts. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** Runs the kubectl that was built with it. */
  Program kubectl(String input, String... arguments) {
    List<String> line = new ArrayList<>();
    line.add(programs.resolve("kubectl").toString());
    line.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    line.addAll(List.of(arguments));
    return Program.run(Map.of("HOME", directory.toString()), input, line);
  }

  @Override
  public void close() {
    for (int i = processes.size() - 1; i >= 0; i--) {
      processes.get(i).destroyForcibly().onExit().join();
    }
  }

  private boolean isReady() throws IOException {
    if (!processes.stream().allMatch(Process::isAlive)) {
      Path log = directory.resolve("kube-apiserver.log");
      throw new AssertionError("ended: " + (Files.exists(log) ? Files.readString(log) : "etcd"));
    }
    return kubectl("", "get", "--raw", "/readyz").exitCode() == 0;
  }

  private void start(String program, String... options) throws IOException {
    List<String> line = new ArrayList<>(List.of(programs.resolve(program).toString()));
    line.addAll(List.of(options));
    processes.add(
        new ProcessBuilder(line)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(program + ".log").toFile())
            .start());
  }

  private static String kubeconfig(int port) {
    return """
    apiVersion: v1
    kind: Config
    current-context: test
    contexts: [{name: test, context: {cluster: test, user: test}}]
    clusters: [{name: test, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
    users: [{name: test, user: {token: %s}}]
    """
        .formatted(port, TOKEN);
  }

  private static String key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    byte[] encoded = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
