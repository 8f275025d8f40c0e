package io.vl3.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port of the loopback of a network namespace that leads to a TCP address of this process's
 * namespace. Each connection there is one here; where nobody answers, it ends at once.
 */
public final class PortInto implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PortInto.class);
  private static final int BACKLOG = 64;

  private final ServerSocket listening;
  private final InetSocketAddress to;
  private final ExecutorService threads = Executors.newCachedThreadPool(PortInto::daemon);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private PortInto(ServerSocket listening, InetSocketAddress to) {
    this.listening = listening;
    this.to = to;
    threads.execute(this::accept);
  }

  /**
   * Opens it; a socket stays in the namespace in which it was made.
   *
   * @param netns the namespace's name
   * @throws IOException if somebody else has the port there
   */
  public static PortInto open(String netns, int port, InetSocketAddress to) throws IOException {
    CompletableFuture<ServerSocket> made = new CompletableFuture<>();
    NetnsThreads.in(netns)
        .newThread(
            () -> {
              try {
                made.complete(new ServerSocket(port, BACKLOG, loopback()));
              } catch (IOException failure) {
                made.completeExceptionally(failure);
              }
            })
        .start();
    try {
      return new PortInto(made.join(), to);
    } catch (CompletionException failure) {
      throw new IOException(
          "port %d in %s: %s".formatted(port, netns, failure.getCause()), failure.getCause());
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listening.accept();
        threads.execute(() -> join(from));
      }
    } catch (IOException failure) {
      if (!listening.isClosed()) {
        LOG.warn("port {}: takes no connection any more: {}", listening, failure.getMessage());
      }
    }
  }

  private void join(Socket from) {
    Socket there = new Socket();
    List<Socket> both = List.of(from, there);
    open.addAll(both);
    try (from;
        there) {
      there.connect(to);
      threads.execute(() -> copy(there, from));
      copy(from, there);
    } catch (IOException away) {
      LOG.debug("{}: {}", to, away.getMessage());
    } finally {
      open.removeAll(both);
    }
  }

  /** Until one side ends, which ends both. */
  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException broken) {
      LOG.debug("{}: {}", from, broken.getMessage());
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "vl3-demo-port");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket each : open) {
      each.close();
    }
    threads.shutdownNow();
  }
}
