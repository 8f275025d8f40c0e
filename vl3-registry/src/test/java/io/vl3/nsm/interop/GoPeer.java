package io.vl3.nsm.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.vl3.api.connection.Connection;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One process of the reference implementation. It ends when it is closed, and also when this
 * process ends in whatever way, as it watches its standard input.
 */
public final class GoPeer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 60;

  /** What the processes log, the last one of each name. */
  private static final Path LOGS = Path.of("target/interop");

  private final String name;
  private final Process process;
  private final Path errors;
  private final BufferedWriter commands;

  /** Guards the lines; notified with every one. */
  private final Object lock = new Object();

  private final List<Line> lines = new ArrayList<>();
  private boolean ended;
  private int asked;

  /** One line that the process printed. */
  public record Line(
      String event, String answer, String text, String error, String code, String message) {

    static Line parse(String json) {
      try {
        JsonNode node = JSON.readTree(json);
        return new Line(
            node.path("event").asText(),
            node.path("answer").asText(),
            node.path("text").asText(),
            node.path("error").asText(),
            node.path("code").asText(),
            node.path("message").asText());
      } catch (IOException malformed) {
        throw new IllegalStateException("line: " + json, malformed);
      }
    }

    /** Without the message, which nobody can read. */
    @Override
    public String toString() {
      return (event.isEmpty() ? "answer " + answer : event) + " " + text + error;
    }

    public Connection connection() {
      return message(Connection.parser());
    }

    public <M> M message(Parser<M> parser) {
      try {
        return parser.parseFrom(Base64.getDecoder().decode(message));
      } catch (InvalidProtocolBufferException malformed) {
        throw new IllegalStateException("message of " + event + answer, malformed);
      }
    }
  }

  /** The process refused what it was asked. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    /** The gRPC code, as Go names it. */
    final String code;

    Refused(Line line) {
      super(line.error());
      this.code = line.code();
    }
  }

  private GoPeer(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    this.commands = process.outputWriter();
  }

  /** Starts a process and waits until it is ready. */
  public static GoPeer start(String name, List<String> arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of(GoBuild.binary().toString()));
    line.addAll(arguments);
    if (Boolean.getBoolean("vl3.interop.verbose")) {
      line.add("-verbose");
    }
    Path errors = Files.createDirectories(LOGS).resolve(name + ".log");
    Process process = new ProcessBuilder(line).redirectError(errors.toFile()).start();
    GoPeer peer = new GoPeer(name, process, errors);
    Thread reader = new Thread(peer::read, name + "-lines");
    reader.setDaemon(true);
    reader.start();
    try {
      peer.await("ready");
    } catch (AssertionError notReady) {
      peer.kill();
      throw notReady;
    }
    return peer;
  }

  /** Asks for something and waits for the answer. */
  public Line ask(String verb, Message message, String text) throws Refused, IOException {
    String id = send(verb, message, text);
    Line line = await("answer to " + verb, each -> each.answer().equals(id));
    if (!line.error().isEmpty()) {
      throw new Refused(line);
    }
    return line;
  }

  /** Waits for an event and takes it. */
  public Line await(String event) {
    return await(event, each -> each.event().equals(event));
  }

  /** Waits for an event with a text and takes it. */
  public Line await(String event, String text) {
    return await(
        event + " " + text, each -> each.event().equals(event) && each.text().equals(text));
  }

  /** Waits for a line, and takes it: it is not found again. */
  public Line await(String what, Predicate<Line> wanted) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    try {
      return take(what, wanted, end);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      throw new AssertionError(name + ": interrupted", asked);
    }
  }

  private Line take(String what, Predicate<Line> wanted, long end) throws InterruptedException {
    synchronized (lock) {
      while (true) {
        for (int i = 0; i < lines.size(); i++) {
          if (wanted.test(lines.get(i))) {
            return lines.remove(i);
          }
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (ended || millis <= 0) {
          throw new AssertionError(
              "%s: no %s%s; it told %s; %s"
                  .formatted(name, what, ended ? " before its end" : "", lines, errors()));
        }
        lock.wait(millis);
      }
    }
  }

  /** The events of a kind so far, which stay to be taken. */
  public List<Line> seen(String event) {
    synchronized (lock) {
      return lines.stream().filter(line -> line.event().equals(event)).toList();
    }
  }

  /** Forgets what was told so far. */
  void forget() {
    synchronized (lock) {
      lines.clear();
    }
  }

  /** What its descriptors hold, by device and inode. */
  Set<String> files() throws IOException {
    Set<String> inodes = new HashSet<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
      for (Path each : all) {
        inodes.add(inode(each));
      }
    }
    return inodes;
  }

  /** A file's device and inode. */
  static String inode(Path file) {
    try {
      return Files.getAttribute(file, "unix:dev") + "/" + Files.getAttribute(file, "unix:ino");
    } catch (IOException closedMeanwhile) {
      return "none";
    }
  }

  /** Ends it as a crash would. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Asks it to end. */
  @Override
  public void close() throws IOException {
    try {
      commands.close();
    } catch (IOException gone) {
      // It has ended by itself.
    }
    if (!awaitEnd()) {
      kill();
    }
  }

  private String send(String verb, Message message, String text) throws IOException {
    ObjectNode command = JSON.createObjectNode();
    synchronized (commands) {
      String id = String.valueOf(++asked);
      command.put("id", id).put("do", verb).put("text", text);
      command.put("message", Base64.getEncoder().encodeToString(message.toByteArray()));
      commands.write(JSON.writeValueAsString(command));
      commands.newLine();
      commands.flush();
      return id;
    }
  }

  private void read() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(Line.parse(line));
      }
    } catch (IOException ending) {
      // As good as its end.
    }
    synchronized (lock) {
      ended = true;
      lock.notifyAll();
    }
  }

  private void add(Line line) {
    synchronized (lock) {
      lines.add(line);
      lock.notifyAll();
    }
  }

  private boolean awaitEnd() {
    try {
      return process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }
}
