package io.vl3.vpp.behaviour;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.vl3.api.ligato.configurator.ConfiguratorServiceGrpc;
import io.vl3.api.ligato.configurator.GetRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The agent at an address that was given. Its levers are a program of whoever gave it, called with
 * {@code refuse NAME}, {@code hold NAME}, {@code heal}, {@code restart}, {@code foreign NAME} or
 * {@code down NAME}; without one it has none. {@code -Dvl3.vppagent.can} names the levers that it
 * has if not all.
 */
final class GivenAgent implements Agent {

  private final ManagedChannel channel;
  private final @Nullable String program;

  GivenAgent(String address, @Nullable String program) {
    this.channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
    this.program = program;
  }

  @Override
  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public Set<Lever> levers() {
    if (program == null) {
      return EnumSet.noneOf(Lever.class);
    }
    String some = System.getProperty("vl3.vppagent.can", "");
    return some.isEmpty()
        ? EnumSet.allOf(Lever.class)
        : Arrays.stream(some.split(",")).map(Lever::valueOf).collect(Collectors.toSet());
  }

  @Override
  public void refuse(String name) {
    pull("refuse", name);
  }

  @Override
  public void hold(String name) {
    pull("hold", name);
  }

  @Override
  public void heal() {
    if (program != null) {
      pull("heal");
    }
  }

  @Override
  public void restart() {
    pull("restart");
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!answers() && System.nanoTime() < until) {
      channel.resetConnectBackoff();
    }
  }

  @Override
  public void foreign(String name) {
    pull("foreign", name);
  }

  @Override
  public void down(String name) {
    pull("down", name);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Waits for a connection; one that is just breaking gives no answer. */
  private boolean answers() {
    try {
      var unused =
          ConfiguratorServiceGrpc.newBlockingStub(channel)
              .withWaitForReady()
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .get(GetRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException broken) {
      return false;
    }
  }

  private void pull(String... arguments) {
    try {
      List<String> command = new ArrayList<>(List.of(String.valueOf(program)));
      command.addAll(List.of(arguments));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
