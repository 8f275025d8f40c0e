package io.vl3.cli.process;

import io.vl3.vpp.api.FakeVppServer;
import io.vl3.vpp.testing.FakeVppModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A VPP that is spoken to by its own API. */
record OwnApi(FakeVppModel model, FakeVppServer server, Path described) implements OwnVpp {

  private static final String VERSION = "23.06";
  private static final String ROUTE = "ip_route_add_del";
  private static final int UNSPECIFIED = -1;

  static OwnApi start(Path directory) throws IOException {
    Path own = Files.createTempDirectory(directory, "vpp");
    FakeVppModel model = new FakeVppModel();
    FakeVppServer server = FakeVppServer.start(own.resolve("api.sock"), VERSION, model);
    model.eventsTo(server::event);
    return new OwnApi(model, server, FakeVppServer.describe(own.resolve("api"), VERSION));
  }

  @Override
  public String dataplane() {
    return "  type: vpp\n  socket: %s\n  apiDirectory: %s\n".formatted(server.socket(), described);
  }

  @Override
  public String state() {
    return model.state();
  }

  @Override
  public int created() {
    return model.created();
  }

  @Override
  public boolean leadsTo(String prefix) {
    return model.leadsTo(prefix);
  }

  @Override
  public void connectAll() {
    model.connectAll();
  }

  @Override
  public void loseRoute(String prefix) {
    server.refuse(
        ROUTE,
        request ->
            FakeVppModel.isRouteTo(request, prefix) ? Optional.of(UNSPECIFIED) : Optional.empty());
    model.forgetRoute(prefix);
  }

  @Override
  public void takeRoutes() {
    server.heal();
  }

  @Override
  public void close() {
    server.close();
  }
}
