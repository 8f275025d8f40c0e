package io.vl3.nsm.manager;

import io.vl3.failure.EndpointException;
import io.vl3.nsm.internal.file.HeldFiles;
import io.vl3.nsm.internal.file.InodeUrls;
import io.vl3.nsm.internal.registry.InMemoryRegistry;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.Registry;
import io.vl3.transport.internal.unix.FilePassing;
import io.vl3.transport.internal.unix.PassedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The listening sockets of registered endpoints, which reach the manager as files. A socket that
 * has a path here is known by its path, so that an endpoint which was started again at its place is
 * the same; any other is held for as long as the registration lasts. Thread-safe.
 */
final class ReceivedSockets implements Registry.Listener, AutoCloseable {

  private static final EndpointQuery EVERYTHING = new EndpointQuery("", "", Map.of());
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final InMemoryRegistry registry;
  private final HeldFiles store;
  private final Object lock = new Object();
  private final Map<String, HeldFiles.Hold> byName = new HashMap<>();

  /** Open while anything is held. */
  private Optional<Registry.Subscription> watch = Optional.empty();

  ReceivedSockets(InMemoryRegistry registry, HeldFiles store) {
    this.registry = registry;
    this.store = store;
  }

  /** Registers an endpoint with its socket; the answer names it as the caller did. */
  EndpointRecord register(EndpointRecord asked) throws EndpointException {
    Optional<FilePassing> passing = FilePassing.ofCall();
    if (passing.isEmpty() || !InodeUrls.isInode(asked.url())) {
      return registry.register(asked);
    }
    PassedFile file = passing.get().receive(asked.url(), PATIENCE);
    Optional<String> here = urlHere(file);
    if (here.isPresent()) {
      file.close();
      return registry.register(asked.withUrl(here.get())).withUrl(asked.url());
    }
    HeldFiles.Hold hold = store.hold(file);
    try {
      EndpointRecord granted = registry.register(asked);
      keep(granted.name(), hold);
      return granted;
    } catch (EndpointException | RuntimeException failure) {
      hold.close();
      throw failure;
    }
  }

  @Override
  public void onPresent(EndpointRecord endpoint) {}

  @Override
  public void onGone(EndpointRecord endpoint) {
    // A late event may be true no more.
    if (isRegistered(endpoint.name())) {
      return;
    }
    Optional<HeldFiles.Hold> hold;
    synchronized (lock) {
      hold = Optional.ofNullable(byName.remove(endpoint.name()));
    }
    hold.ifPresent(HeldFiles.Hold::close);
    endWatchUnlessNeeded();
  }

  @Override
  public void onEnd(Throwable cause) {
    close();
  }

  /** Lets go of all; idempotent. */
  @Override
  public void close() {
    List<HeldFiles.Hold> left;
    synchronized (lock) {
      left = List.copyOf(byName.values());
      byName.clear();
    }
    left.forEach(HeldFiles.Hold::close);
    endWatchUnlessNeeded();
  }

  private void endWatchUnlessNeeded() {
    Optional<Registry.Subscription> unneeded = Optional.empty();
    synchronized (lock) {
      if (byName.isEmpty()) {
        unneeded = watch;
        watch = Optional.empty();
      }
    }
    unneeded.ifPresent(Registry.Subscription::close);
  }

  private void watchIfNeeded() {
    Registry.Subscription opened = registry.watch(EVERYTHING, this);
    synchronized (lock) {
      if (watch.isEmpty() && !byName.isEmpty()) {
        watch = Optional.of(opened);
        return;
      }
    }
    opened.close();
  }

  private void keep(String name, HeldFiles.Hold hold) {
    HeldFiles.Hold before;
    synchronized (lock) {
      before = byName.put(name, hold);
    }
    if (before != null) {
      before.close();
    }
    watchIfNeeded();
  }

  private boolean isRegistered(String name) {
    try {
      return !registry.find(EndpointQuery.ofName(name)).isEmpty();
    } catch (EndpointException never) {
      throw new IllegalStateException("a search in this process", never);
    }
  }

  /** The path by which the file was opened, if it leads to the same file here. */
  private static Optional<String> urlHere(PassedFile file) {
    try {
      Path path = Files.readSymbolicLink(file.path());
      return PassedFile.inodeUrl(path).equals(file.inodeUrl())
          ? Optional.of("unix://" + path)
          : Optional.empty();
    } catch (IOException notHere) {
      return Optional.empty();
    }
  }
}
