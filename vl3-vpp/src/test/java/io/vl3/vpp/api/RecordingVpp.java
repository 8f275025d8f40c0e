package io.vl3.vpp.api;

import io.vl3.vpp.api.Recording.Exchange;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between a client, one connection at a time, and a real VPP, passes all on and notes it as
 * a talk. Events are not noted, nor VPP's description of itself, which is long.
 */
public final class RecordingVpp implements AutoCloseable {

  private final Path socket;
  private final Path real;
  private final ServerSocketChannel listening;
  private final Recording recording;
  private final List<Exchange> talk;
  private final Map<Integer, Exchange> open = new ConcurrentHashMap<>();
  private final Map<Integer, String> table = new ConcurrentHashMap<>();

  /** Listens at a socket. */
  public RecordingVpp(Path socket, Path real, Recording recording, String talk) throws IOException {
    this.socket = socket;
    this.real = real;
    this.recording = recording;
    this.talk = recording.talk(talk);
    Files.deleteIfExists(socket);
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    start(this::accept);
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "recording-vpp");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        serve(listening.accept());
      }
    } catch (IOException closed) {
      // The talk is over.
    }
  }

  private void serve(SocketChannel accepted) {
    try (SocketChannel client = accepted;
        SocketChannel vpp = SocketChannel.open(UnixDomainSocketAddress.of(real))) {
      start(() -> answers(vpp, client));
      while (true) {
        byte[] request = VppFrames.read(client);
        note(request);
        VppFrames.write(vpp, request);
      }
    } catch (IOException ended) {
      // The client has closed; it may come again.
    }
  }

  private void answers(SocketChannel vpp, SocketChannel client) {
    try {
      while (true) {
        byte[] answer = VppFrames.read(vpp);
        noteAnswer(answer);
        VppFrames.write(client, answer);
      }
    } catch (IOException ended) {
      // Either side has closed.
    }
  }

  private void note(byte[] request) {
    int number = VppFrames.number(request);
    if (number != VppFrames.SOCKCLNT_CREATE && isNoted(number)) {
      Exchange exchange = new Exchange(ApiBytes.of(request), new ArrayList<>());
      synchronized (recording) {
        talk.add(exchange);
      }
      open.put(VppFrames.contextOfRequest(request), exchange);
    }
  }

  private void noteAnswer(byte[] answer) {
    int number = VppFrames.number(answer);
    if (number == VppFrames.SOCKCLNT_CREATE_REPLY) {
      readTable(answer);
    } else if (isNoted(number)) {
      Exchange exchange = open.get(VppFrames.contextOfAnswer(answer));
      if (exchange != null) {
        synchronized (recording) {
          exchange.answers().add(ApiBytes.of(answer));
        }
      }
    }
  }

  private boolean isNoted(int number) {
    String name = table.getOrDefault(number, "");
    return !name.startsWith("get_api_json_") && !name.contains("_event_");
  }

  private void readTable(byte[] welcome) {
    List<String> used = SchemaTable.used();
    try {
      for (ApiTable.Entry entry :
          Handshake.welcome(ByteBuffer.wrap(welcome)).table().byName().values()) {
        table.put(entry.number(), entry.nameAndCrc());
        if (isNoted(entry.number()) && used.contains(entry.name())) {
          synchronized (recording) {
            recording.table().put(entry.number(), entry.nameAndCrc());
          }
        }
      }
    } catch (ApiException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
