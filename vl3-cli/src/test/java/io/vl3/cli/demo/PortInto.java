package io.vl3.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A port of the loopback of a network namespace that leads to one of this namespace. */
public final class PortInto implements AutoCloseable {

  private final ServerSocket listening;
  private final int to;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  private PortInto(ServerSocket listening, int to) {
    this.listening = listening;
    this.to = to;
    threads.execute(this::accept);
  }

  /** Opens it; a socket stays in the namespace in which it was made. */
  public static PortInto open(String netns, int port, int to) {
    CompletableFuture<ServerSocket> made = new CompletableFuture<>();
    NetnsThreads.in(netns)
        .newThread(
            () -> {
              try {
                made.complete(new ServerSocket(port, 10, loopback()));
              } catch (IOException failure) {
                made.completeExceptionally(failure);
              }
            })
        .start();
    return new PortInto(made.join(), to);
  }

  private void accept() {
    try {
      while (true) {
        Socket from = listening.accept();
        open.add(from);
        Socket there = new Socket(loopback(), to);
        open.add(there);
        threads.execute(() -> copy(from, there));
        threads.execute(() -> copy(there, from));
      }
    } catch (IOException closed) {
      threads.shutdown();
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException broken) {
      // The other direction ends with it.
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
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
