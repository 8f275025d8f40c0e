package io.vl3.vpp.direct;

import io.vl3.dataplane.LinkChange;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.VppSocket;
import io.vl3.vpp.api.ApiException;
import io.vl3.vpp.api.ApiMessage;
import io.vl3.vpp.api.ApiSchema;
import io.vl3.vpp.api.SchemaTable;
import io.vl3.vpp.api.VppApi;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A VPP at a socket, a real one or a fake, and data planes that speak with it. It is looked at over
 * a connection apart from theirs, and without their code.
 */
final class GivenVpp implements AutoCloseable {

  /** The socket of a VPP that a test may make and delete objects in. */
  static final String SOCKET = "vl3.vpp.api";

  /** Where its descriptions are. */
  static final String DESCRIPTIONS = "vl3.vpp.api.json";

  static final String NONE =
      "no VPP given: -Dvl3.vpp.api=/run/vpp/api.sock -Dvl3.vpp.api.json=DIRECTORY";

  final FakeTimer timer = new FakeTimer();
  private final VppSocket socket;
  private final ExecutorService io = Executors.newCachedThreadPool();
  private final List<VppDataPlane> planes = new ArrayList<>();
  private final VppApi watching;

  private GivenVpp(VppSocket socket) throws IOException, ApiException {
    this.socket = socket;
    ApiSchema schema = ApiSchema.read(socket.descriptions());
    watching = VppApi.connect(VppApi.Settings.of(socket.path(), "watching", schema), io);
  }

  /** The VPP that the properties name. */
  static GivenVpp byProperties() throws IOException, ApiException {
    return at(
        Path.of(System.getProperty(SOCKET)),
        Path.of(System.getProperty(DESCRIPTIONS, "/usr/share/vpp/api")));
  }

  static GivenVpp at(Path socket, Path descriptions) throws IOException, ApiException {
    return new GivenVpp(new VppSocket(socket, List.of(descriptions)));
  }

  /** A data plane whose work is done by the test's thread. */
  VppDataPlane open(VppSettings settings) {
    VppDataPlane plane =
        VppDataPlane.direct(
            socket, settings, timer, Runnable::run, io, RandomGenerator.of("L64X128MixRandom"));
    planes.add(plane);
    plane.start();
    return plane;
  }

  /** Takes away what an earlier test of an owner left. */
  void clear(VppSettings settings) {
    try (VppDataPlane plane = open(settings)) {
      plane.apply(
          plane.observe().stream().<LinkChange>map(key -> new LinkChange.Remove(key)).toList());
    }
  }

  /** The version whose messages are kept that it is of, or else one that is like most. */
  String version() throws ApiException {
    String told = ask(ApiMessage.of("show_version")).text("version");
    return SchemaTable.VERSIONS.stream().filter(told::startsWith).findFirst().orElse("23.06");
  }

  /** What it has, as sorted text without numbers of interfaces. */
  String state() throws ApiException {
    return VppText.read(watching);
  }

  /** Whether it has a message. */
  boolean has(String message) {
    return watching.has(message);
  }

  /** The number of its process. */
  long process() throws ApiException {
    return ask(ApiMessage.of("control_ping")).number("vpe_pid");
  }

  /** What it answers to a request by itself. */
  ApiMessage ask(ApiMessage request) throws ApiException {
    return watching.await(watching.send(request), request.name());
  }

  @Override
  public void close() {
    planes.forEach(VppDataPlane::close);
    watching.close();
    io.shutdown();
    try {
      if (!io.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new AssertionError("a task did not end");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
