package io.vl3.nameserver.internal;

import io.vl3.internal.log.AcceptTrouble;
import io.vl3.nameserver.NameServerSettings.Limits;
import io.vl3.nameserver.internal.Received.Query;
import io.vl3.nameserver.internal.Received.Refused;
import io.vl3.nameserver.internal.TcpConnections.Admission;
import io.vl3.time.Timer;
import io.vl3.time.Timer.Cancellable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/** Questions on TCP connections, each connection with a thread, as many as are allowed. */
final class TcpService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TcpService.class);

  private final ServerSocket listener;
  private final Responder responder;
  private final Limits limits;
  private final Executor executor;
  private final Timer timer;
  private final TcpConnections connections;
  private final AcceptTrouble trouble;
  private final Questions questions;

  TcpService(
      ServerSocket listener,
      Responder responder,
      Limits limits,
      Executor executor,
      Timer timer,
      Questions questions) {
    this.listener = listener;
    this.responder = responder;
    this.limits = limits;
    this.executor = executor;
    this.questions = questions;
    this.timer = timer;
    this.connections = new TcpConnections(limits);
    this.trouble =
        new AcceptTrouble(
            "name server %s: TCP connections".formatted(listener.getLocalSocketAddress()),
            LOG,
            timer);
  }

  /** Serves until it is closed. */
  void run() {
    try {
      while (!listener.isClosed()) {
        accept();
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }

  /** How many connections are open. */
  int size() {
    return connections.size();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    trouble.close();
    connections.all().forEach(this::end);
  }

  private void accept() throws InterruptedException {
    try {
      Socket socket = listener.accept();
      trouble.worked();
      accepted(socket);
    } catch (IOException failure) {
      if (!listener.isClosed()) {
        trouble.pauseAfter(failure);
      }
    }
  }

  private void accepted(Socket socket) {
    TcpConnection connection = new TcpConnection(socket);
    Admission admission = connections.admit(connection);
    admission.makesRoom().ifPresent(TcpConnection::end);
    if (!admission.admitted()) {
      connection.end();
      return;
    }
    try {
      executor.execute(() -> serve(connection));
    } catch (RejectedExecutionException ending) {
      end(connection);
    }
  }

  private void serve(TcpConnection connection) {
    Socket socket = connection.socket();
    try {
      while (!listener.isClosed()) {
        byte[] question = inTime(connection, () -> TcpExchange.read(socket));
        connections.answering(connection);
        Optional<Message> reply = reply(question, connection.source());
        if (reply.isEmpty()) {
          return;
        }
        byte[] answer = Replies.stream(reply.get());
        questions.answered(reply.get());
        // Before it is written: a client that does not take its answers makes room as well.
        connections.waiting(connection);
        inTime(
            connection,
            () -> {
              TcpExchange.write(socket, answer);
              return answer;
            });
      }
    } catch (IOException gone) {
      LOG.debug("name server: {} left: {}", socket.getRemoteSocketAddress(), gone.toString());
    } finally {
      end(connection);
    }
  }

  /** Nobody gets more time by sending, or taking, a byte now and then. */
  private byte[] inTime(TcpConnection connection, Step step) throws IOException {
    Cancellable tooLate = timer.after(limits.connectionTimeout(), connection::end);
    try {
      return step.run();
    } finally {
      tooLate.cancel();
    }
  }

  private Optional<Message> reply(byte[] wire, InetAddress source) {
    return Received.read(wire)
        .map(
            received ->
                received instanceof Refused refused
                    ? Replies.code(refused)
                    : reply((Query) received, source));
  }

  private Message reply(Query query, InetAddress source) {
    return responder
        .atOnce(query)
        .orElseGet(
            () ->
                responder.tryBegin(source)
                    ? responder.afterAsking(query, source)
                    : responder.cannotTell(query));
  }

  private void end(TcpConnection connection) {
    connections.remove(connection);
    connection.end();
  }

  /** A whole message read or written. */
  @FunctionalInterface
  private interface Step {
    byte[] run() throws IOException;
  }
}
