package io.vl3.nameserver;

import io.vl3.nameserver.Received.Query;
import io.vl3.nameserver.Received.Refused;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/** Questions on TCP connections, each connection with a thread, as many as are allowed. */
final class TcpService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpService.class);

  /** A socket that fails this often in a row will not work again. */
  private static final int MOST_FAILURES = 100;

  private final ServerSocket listener;
  private final Responder responder;
  private final NameServerSettings settings;
  private final Executor executor;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  TcpService(
      ServerSocket listener, Responder responder, NameServerSettings settings, Executor executor) {
    this.listener = listener;
    this.responder = responder;
    this.settings = settings;
    this.executor = executor;
  }

  /** Serves until it is closed. */
  void run() {
    int failures = 0;
    while (failures < MOST_FAILURES && !listener.isClosed()) {
      try {
        accepted(listener.accept());
        failures = 0;
      } catch (IOException failure) {
        failures++;
        if (!listener.isClosed()) {
          LOG.warn("name server {}: {}", listener.getLocalSocketAddress(), failure.toString());
        }
      }
    }
    if (!listener.isClosed()) {
      LOG.error("name server {}: gives up", listener.getLocalSocketAddress());
    }
  }

  /** How many connections are open. */
  int size() {
    return connections.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(this::end);
  }

  private void accepted(Socket connection) {
    if (connections.size() >= settings.connections()) {
      end(connection);
      return;
    }
    connections.add(connection);
    try {
      executor.execute(() -> serve(connection));
    } catch (RejectedExecutionException ending) {
      end(connection);
    }
  }

  private void serve(Socket connection) {
    try {
      connection.setSoTimeout((int) settings.connectionTimeout().toMillis());
      while (!listener.isClosed()) {
        Optional<Message> reply = reply(TcpExchange.read(connection));
        if (reply.isEmpty()) {
          return;
        }
        TcpExchange.write(connection, Replies.stream(reply.get()));
      }
    } catch (IOException gone) {
      LOG.debug("name server: {} left: {}", connection.getRemoteSocketAddress(), gone.toString());
    } finally {
      end(connection);
    }
  }

  private Optional<Message> reply(byte[] wire) {
    return Received.read(wire)
        .map(
            received ->
                received instanceof Refused refused
                    ? Replies.code(refused)
                    : reply((Query) received));
  }

  private Message reply(Query query) {
    return responder
        .atOnce(query)
        .orElseGet(
            () ->
                responder.tryBegin() ? responder.afterAsking(query) : responder.cannotTell(query));
  }

  private void end(Socket connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException failure) {
      LOG.debug("name server: close: {}", failure.toString());
    }
  }
}
