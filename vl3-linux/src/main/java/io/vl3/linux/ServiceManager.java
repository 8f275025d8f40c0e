package io.vl3.linux;

import io.vl3.linux.internal.UnixDatagram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, as systemd has it ({@code sd_notify}): it is told
 * over a socket how the process is doing. Nobody is told where there is none. Thread-safe; nothing
 * blocks, nothing throws.
 */
public final class ServiceManager {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

  private final Optional<String> socket;
  private final Optional<Duration> watchdog;
  private final LongSupplier monotonicNanos;

  private ServiceManager(
      Optional<String> socket, Optional<Duration> watchdog, LongSupplier monotonicNanos) {
    this.socket = socket;
    this.watchdog = watchdog;
    this.monotonicNanos = monotonicNanos;
  }

  /**
   * The one that the environment names.
   *
   * @param monotonicNanos the kernel's CLOCK_MONOTONIC in nanoseconds, as {@code System.nanoTime}
   */
  public static ServiceManager of(Map<String, String> environment, LongSupplier monotonicNanos) {
    Optional<String> socket =
        Optional.of(environment.getOrDefault("NOTIFY_SOCKET", "")).filter(s -> !s.isEmpty());
    String pid = environment.getOrDefault("WATCHDOG_PID", "");
    boolean ours = pid.isEmpty() || pid.equals(String.valueOf(ProcessHandle.current().pid()));
    return new ServiceManager(
        socket,
        ours ? micros(environment.getOrDefault("WATCHDOG_USEC", "")) : Optional.empty(),
        monotonicNanos);
  }

  private static Optional<Duration> micros(String text) {
    return text.matches("[1-9][0-9]{0,15}")
        ? Optional.of(Duration.ofNanos(Long.parseLong(text) * 1_000))
        : Optional.empty();
  }

  /** Whether there is one. */
  public boolean isThere() {
    return socket.isPresent();
  }

  /** How long it waits for a sign of life; empty: for ever. */
  public Optional<Duration> watchdog() {
    return socket.isEmpty() ? Optional.empty() : watchdog;
  }

  /** The process does its work, and how. */
  public void ready(String status) {
    tell("READY=1\nSTATUS=" + line(status));
  }

  /** The process changes; {@link #ready} follows. */
  public void reloading(String status) {
    long micros = monotonicNanos.getAsLong() / 1_000;
    tell("RELOADING=1\nMONOTONIC_USEC=%d\nSTATUS=%s".formatted(micros, line(status)));
  }

  /** The process ends. */
  public void stopping(String status) {
    tell("STOPPING=1\nSTATUS=" + line(status));
  }

  /** How the process is doing. */
  public void status(String status) {
    tell("STATUS=" + line(status));
  }

  /** The process lives. */
  public void alive() {
    tell("WATCHDOG=1");
  }

  private void tell(String message) {
    if (socket.isEmpty()) {
      return;
    }
    try {
      UnixDatagram.send(socket.get(), message.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      LOG.warn("service manager not told: {}", failure.getMessage());
    }
  }

  private static String line(String text) {
    return text.replace('\n', ' ');
  }
}
