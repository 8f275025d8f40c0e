package io.vl3.vpp.behaviour;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.vl3.api.ligato.configurator.Config;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc.ConfiguratorServiceBlockingStub;
import io.vl3.api.ligato.configurator.DeleteRequest;
import io.vl3.api.ligato.configurator.DumpRequest;
import io.vl3.api.ligato.configurator.GetRequest;
import io.vl3.api.ligato.configurator.UpdateRequest;
import io.vl3.api.ligato.vpp.ConfigData;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was asked of an agent, what it answered, and what it held after each step. */
final class Transcript {

  private static final Metadata.Key<String> SOURCE =
      Metadata.Key.of("datasrc", Metadata.ASCII_STRING_MARSHALLER);
  private static final Pattern KEY =
      Pattern.compile("(?:config/)?vpp/[^\\s\"',;\\])]+[^\\s\"',;\\]):.]");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Agent agent;
  private final StringBuilder text = new StringBuilder();

  Transcript(Agent agent) {
    this.agent = agent;
  }

  Transcript update(String source, ConfigData... what) {
    ConfigData data = Items.all(what);
    return step(source + " updates", data, () -> send(source, data, false, false, PATIENCE));
  }

  /** An update that waits until nothing of it is pending, at most so long. */
  Transcript updateWaiting(String source, Duration most, ConfigData... what) {
    ConfigData data = Items.all(what);
    return step(source + " updates, waiting", data, () -> send(source, data, true, false, most));
  }

  Transcript fullResync(String source, ConfigData... what) {
    ConfigData data = Items.all(what);
    return step(source + " resyncs", data, () -> send(source, data, false, true, PATIENCE));
  }

  Transcript delete(String source, ConfigData... what) {
    ConfigData data = Items.all(what);
    DeleteRequest request = DeleteRequest.newBuilder().setDelete(config(data)).build();
    return step(source + " deletes", data, () -> stub(source, PATIENCE).delete(request));
  }

  /** Deletes without a word; a refusal is the test's end. */
  void clear(String source, ConfigData what) {
    stub(source, PATIENCE).delete(DeleteRequest.newBuilder().setDelete(config(what)).build());
  }

  Transcript refuse(String name) {
    return note("VPP refuses to make " + name, () -> agent.refuse(name));
  }

  Transcript hold(String name) {
    return note("VPP refuses to remove " + name, () -> agent.hold(name));
  }

  Transcript heal() {
    return note("VPP refuses nothing any more", agent::heal);
  }

  Transcript restart() {
    return event("the agent restarts", agent::restart);
  }

  Transcript foreign(String name) {
    return event("somebody makes " + name + " in VPP", () -> agent.foreign(name));
  }

  Transcript down(String name) {
    return event("somebody takes " + name + " down in VPP", () -> agent.down(name));
  }

  /** Something that somebody else has done to the agent. */
  void step(String what, List<String> with, String came) {
    text.append("> ").append(what).append('\n');
    with.forEach(one -> text.append("    ").append(one).append('\n'));
    text.append("< ").append(came).append('\n');
    var unused = state();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void send(
      String source, ConfigData data, boolean wait, boolean resync, Duration patience) {
    stub(source, patience)
        .update(
            UpdateRequest.newBuilder()
                .setUpdate(config(data))
                .setWaitDone(wait)
                .setFullResync(resync)
                .build());
  }

  private Transcript step(String who, ConfigData data, Runnable call) {
    text.append("> ").append(who).append('\n');
    ItemText.lines(data).forEach(line -> text.append("    ").append(line).append('\n'));
    text.append("< ").append(answer(call)).append('\n');
    return state();
  }

  private Transcript note(String what, Runnable lever) {
    text.append("! ").append(what).append('\n');
    lever.run();
    return this;
  }

  private Transcript event(String what, Runnable lever) {
    return note(what, lever).state();
  }

  private Transcript state() {
    Config desired = stub("reader", PATIENCE).get(GetRequest.getDefaultInstance()).getConfig();
    Config running = stub("reader", PATIENCE).dump(DumpRequest.getDefaultInstance()).getDump();
    lines("desired", ItemText.ours(desired.getVppConfig()));
    lines("running", ItemText.ours(ItemText.running(running.getVppConfig())));
    text.append('\n');
    return this;
  }

  private void lines(String what, List<String> lines) {
    text.append("  ").append(what).append(lines.isEmpty() ? ": nothing\n" : ":\n");
    lines.forEach(line -> text.append("    ").append(line).append('\n'));
  }

  /** The status code, and the keys that the message names. */
  private static String answer(Runnable call) {
    try {
      call.run();
      return "OK";
    } catch (StatusRuntimeException failure) {
      TreeSet<String> keys = new TreeSet<>();
      Matcher named = KEY.matcher(String.valueOf(failure.getStatus().getDescription()));
      while (named.find()) {
        keys.add(named.group());
      }
      return failure.getStatus().getCode()
          + (keys.isEmpty() ? "" : " naming " + String.join(" ", keys));
    }
  }

  private ConfiguratorServiceBlockingStub stub(String source, Duration patience) {
    Metadata headers = new Metadata();
    headers.put(SOURCE, source);
    return ConfiguratorServiceGrpc.newBlockingStub(agent.channel())
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static Config config(ConfigData data) {
    return Config.newBuilder().setVppConfig(data).build();
  }
}
