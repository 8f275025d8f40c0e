package io.vl3.vpp.internal;

import com.google.protobuf.Message;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.ligato.configurator.Config;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc.ConfiguratorServiceBlockingStub;
import io.vl3.api.ligato.configurator.DeleteRequest;
import io.vl3.api.ligato.configurator.DumpRequest;
import io.vl3.api.ligato.configurator.GetRequest;
import io.vl3.api.ligato.configurator.UpdateRequest;
import io.vl3.api.ligato.generic.KnownModelsRequest;
import io.vl3.api.ligato.generic.KnownModelsResponse;
import io.vl3.api.ligato.generic.MetaServiceGrpc;
import io.vl3.api.ligato.generic.MetaServiceGrpc.MetaServiceBlockingStub;
import io.vl3.api.ligato.generic.ModelDetail;
import io.vl3.api.ligato.generic.ModelSpec;
import io.vl3.api.ligato.vpp.nat.Nat44Global;
import io.vl3.vpp.AgentModels;
import io.vl3.vpp.VppSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Calls of an agent's configurator service, with our own data source in the header and a deadline
 * on each, and of the service that lists the agent's models. There is no full resync: it would
 * delete from VPP whatever no client has sent since the agent started. There are no notifications:
 * agents end when a client that listened to them leaves.
 *
 * <p>Thread-safe. Calls block.
 */
public final class AgentClient implements Configurator {

  private static final Metadata.Key<String> DATA_SOURCE =
      Metadata.Key.of("datasrc", Metadata.ASCII_STRING_MARSHALLER);

  /** A dump of thousands of links is larger than gRPC's usual 4 MiB. */
  private static final int LARGEST_ANSWER = 256 << 20;

  private static final Item TRANSLATION = Item.of(Nat44Global.getDefaultInstance());

  private final ManagedChannel channel;
  private final String agent;
  private final ConfiguratorServiceBlockingStub blocking;
  private final MetaServiceBlockingStub meta;
  private final Duration timeout;
  private final AgentCheck check = new AgentCheck(this);

  /**
   * A client.
   *
   * @param channel the caller's to shut down
   * @param agent the agent's address, for messages
   * @param source our data source: the agent keeps a store for each
   * @param timeout how long a call may take
   */
  public AgentClient(ManagedChannel channel, String agent, String source, Duration timeout) {
    this.channel = channel;
    this.agent = agent;
    this.timeout = timeout;
    Metadata headers = new Metadata();
    headers.put(DATA_SOURCE, source);
    ClientInterceptor header = MetadataUtils.newAttachHeadersInterceptor(headers);
    this.blocking =
        ConfiguratorServiceGrpc.newBlockingStub(channel)
            .withInterceptors(header)
            .withMaxInboundMessageSize(LARGEST_ANSWER);
    this.meta = MetaServiceGrpc.newBlockingStub(channel);
  }

  @Override
  public String subject() {
    return "vpp-agent at " + agent;
  }

  /** Connects at once if the channel waits before it tries again. */
  @Override
  public void hurry() {
    channel.resetConnectBackoff();
  }

  @Override
  public void check(VppSettings settings) throws VppException {
    check.check(settings);
  }

  /** An agent whose NAT plugin is there shows the translation's global part, used or not. */
  @Override
  public Optional<String> objection(VppView view, VppSettings settings) {
    return settings.natAddress().isPresent() && view.running(TRANSLATION).isEmpty()
        ? Optional.of("plugin nat: missing (expected: in the agent) [needed for NAT]")
        : Optional.empty();
  }

  /** Answers when none of the objects waits for something any more. */
  @Override
  public void update(Collection<Item> items) throws VppException {
    UpdateRequest request =
        UpdateRequest.newBuilder().setUpdate(config(items)).setWaitDone(true).build();
    call("Update", () -> stub().update(request));
  }

  @Override
  public void delete(Collection<Item> items) throws VppException {
    DeleteRequest request = DeleteRequest.newBuilder().setDelete(config(items)).build();
    call("Delete", () -> stub().delete(request));
  }

  @Override
  public VppView read() throws VppException {
    Config told = ask("Get", () -> stub().get(GetRequest.getDefaultInstance())).getConfig();
    Config running = dump();
    return VppView.told(Item.all(told.getVppConfig()), Item.all(running.getVppConfig()));
  }

  private Config dump() throws VppException {
    try {
      return stub().dump(DumpRequest.getDefaultInstance()).getDump();
    } catch (StatusRuntimeException failure) {
      throw VppException.ofDump(agent, failure.getStatus(), failure);
    }
  }

  /** The models that the agent knows; empty if it has no service that lists them. */
  public Optional<AgentModels> models() throws VppException {
    KnownModelsRequest request = KnownModelsRequest.newBuilder().setClass_("config").build();
    try {
      return Optional.of(
          models(
              meta.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                  .knownModels(request)));
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw VppException.ofQuestion(agent, "KnownModels", failure.getStatus(), failure);
    }
  }

  private ConfiguratorServiceBlockingStub stub() {
    return blocking.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  private <T extends Message> T call(String method, Supplier<T> call) throws VppException {
    try {
      return call.get();
    } catch (StatusRuntimeException failure) {
      throw VppException.of(agent, method, failure.getStatus(), failure);
    }
  }

  private <T extends Message> T ask(String method, Supplier<T> question) throws VppException {
    try {
      return question.get();
    } catch (StatusRuntimeException failure) {
      throw VppException.ofQuestion(agent, method, failure.getStatus(), failure);
    }
  }

  private static AgentModels models(KnownModelsResponse response) {
    return new AgentModels(
        response.getKnownModelsList().stream()
            .map(ModelDetail::getSpec)
            .map(AgentClient::name)
            .collect(Collectors.toSet()));
  }

  private static String name(ModelSpec spec) {
    return String.join(".", spec.getModule(), spec.getVersion(), spec.getType());
  }

  private static Config config(Collection<Item> items) {
    return Config.newBuilder().setVppConfig(Item.config(items)).build();
  }
}
