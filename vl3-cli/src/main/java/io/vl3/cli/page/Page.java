package io.vl3.cli.page;

import io.vl3.api.admin.v1.Event;
import io.vl3.cli.CliException;
import io.vl3.cli.admin.Json;
import io.vl3.cli.admin.Paint;
import io.vl3.cli.admin.PathFinder;
import io.vl3.cli.admin.PathText;
import io.vl3.cli.assembly.Threads;
import io.vl3.cli.http.HttpServer;
import io.vl3.cli.http.Reply;
import io.vl3.cli.http.Request;
import io.vl3.cli.http.Site;
import io.vl3.cli.http.Streams;
import io.vl3.cli.page.Gatherer.Found;
import io.vl3.failure.EndpointException;
import io.vl3.time.Timer;
import io.vl3.transport.IoThreads;
import io.vl3.transport.TransportOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page of the networks of this machine. It asks the admin services of all processes, once a
 * second while somebody looks. Thread-safe.
 */
public final class Page implements Closeable, Site {

  private static final Logger LOG = LoggerFactory.getLogger(Page.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Events that whoever comes now is shown. */
  private static final int MOST_EVENTS = 200;

  private static final Map<String, String> FILES =
      Map.of(
          "/index.html", "text/html; charset=utf-8",
          "/page.css", "text/css; charset=utf-8",
          "/page.js", "text/javascript; charset=utf-8");

  private final Threads threads = new Threads();
  private final IoThreads io = new IoThreads(1, Threads.daemons("vl3-page"));
  private final Streams streams = new Streams(threads.timer());
  private final Gatherer gatherer;
  private final Traffic traffic = new Traffic();
  private final HttpServer server;

  /** Guards all below; held while the processes are asked. */
  private final Object turn = new Object();

  private final Deque<String> events = new ArrayDeque<>();
  private String state = "";
  private Timer.Cancellable next = () -> {};
  private boolean closed;

  private Page(Path runDirectory, InetSocketAddress address) throws IOException {
    gatherer = new Gatherer(runDirectory, TransportOptions.of(io, threads.blocking()));
    try {
      server = HttpServer.start(address, this, io, threads.blocking(), streams);
    } catch (IOException failure) {
      throw new IOException("page: " + failure.getMessage(), failure);
    }
  }

  /**
   * Serves the page.
   *
   * @param runDirectory where the processes' sockets are looked for
   * @param address where to listen
   * @throws IOException if it cannot listen there, which it names
   */
  public static Page open(Path runDirectory, InetSocketAddress address) throws IOException {
    Page page = new Page(runDirectory, address);
    page.tick();
    return page;
  }

  /** Where it is, for a browser. */
  public String url() {
    InetSocketAddress at = server.address();
    String host = at.getAddress().getHostAddress();
    return "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, at.getPort());
  }

  @Override
  public Reply get(Request request) {
    if (request.path().equals("/api/path")) {
      return way(request.first("from"), request.first("to"));
    }
    String file = request.path().equals("/") ? "/index.html" : request.path();
    String type = FILES.get(file);
    return type == null ? Reply.text(404, "nothing is there") : new Reply(200, type, read(file));
  }

  @Override
  public boolean isHost(String host) {
    return Site.isAddress(host);
  }

  @Override
  public boolean isStream(String path) {
    return path.equals("/api/stream");
  }

  @Override
  public void join(Consumer<List<String>> stream) {
    synchronized (turn) {
      if (streams.isEmpty()) {
        look(); // nobody has had it looked at lately
      }
      List<String> messages = new ArrayList<>();
      messages.add(Streams.message("state", state));
      messages.addAll(events);
      stream.accept(messages);
    }
  }

  private Reply way(String from, String to) {
    synchronized (turn) {
      try {
        return Reply.text(
            200, PathText.table(PathFinder.find(gatherer.whole(), from, to), Paint.PLAIN));
      } catch (EndpointException | CliException failure) {
        return Reply.text(404, String.valueOf(failure.getMessage()));
      }
    }
  }

  private static ByteBuffer read(String file) {
    try (InputStream stream = Page.class.getResourceAsStream(file.substring(1))) {
      if (stream == null) {
        throw new IllegalStateException("resource: %s (expected: packed)".formatted(file));
      }
      return ByteBuffer.wrap(stream.readAllBytes());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private void tick() {
    synchronized (turn) {
      if (closed) {
        return;
      }
      if (!streams.isEmpty()) {
        look();
      }
      next = threads.timer().after(EVERY, () -> threads.blocking().execute(this::tick));
    }
  }

  /** Asks, and sends what is new. */
  private void look() {
    try {
      Found found = gatherer.look();
      String now = PageState.of(found.members());
      if (!now.equals(state)) {
        state = now;
        streams.send(Streams.message("state", now));
      } else {
        streams.catchUp(Streams.message("state", now));
      }
      streams.send(
          Streams.message("traffic", traffic.of(found.members(), threads.timer().nanos())));
      found.events().forEach(this::happened);
    } catch (EndpointException failure) {
      LOG.warn("page: {}", failure.getMessage());
    }
  }

  private void happened(Event event) {
    String message = Streams.message("happened", Json.line(event));
    events.addLast(message);
    if (events.size() > MOST_EVENTS) {
      events.removeFirst();
    }
    streams.send(message);
  }

  @Override
  public void close() {
    synchronized (turn) {
      closed = true;
      next.cancel();
      gatherer.close();
    }
    server.close();
    io.close();
    threads.close();
  }
}
