package io.vl3.transport.internal.unix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.transport.OpenDescriptors;
import io.vl3.transport.TestTransport;
import io.vl3.transport.TransportUrl;
import io.vl3.transport.internal.socket.SocketNumber;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilePassingTest {

  @TempDir Path directory;

  TestTransport transport;
  TransportUrl.Unix url;
  SwapFiles service;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    transport = new TestTransport();
    url = transport.unix("s");
    service = new SwapFiles(directory);
    channel = open();
  }

  /** A channel to a server of the service. */
  ManagedChannel open() throws Exception {
    return transport.serve(url, service);
  }

  @AfterEach
  void stop() throws Exception {
    transport.close();
    OpenDescriptors.assertNoneBelow(directory);
  }

  @Test
  void files_passBothWays_andAreTheSameFiles() throws Exception {
    Path ours = file("ours");
    try (CallFiles files = new CallFiles()) {
      String sent = files.send(ours);
      String answered = files.during(() -> SwapFiles.call(channel, sent, "x"));
      assertThat(service.received()).containsExactly(PassedFile.inodeUrl(ours));
      try (PassedFile theirs = files.receive(answered, Duration.ofSeconds(60))) {
        assertThat(PassedFile.inodeUrl(theirs.path()))
            .isEqualTo(PassedFile.inodeUrl(service.answerFile()));
      }
    }
  }

  /** Every byte that a descriptor travels beside is one of the stream's own. */
  @Test
  void manyFilesAmongManyCalls_disturbNoByte() throws Exception {
    List<Future<?>> callers = new ArrayList<>();
    for (int caller = 0; caller < 8; caller++) {
      Path ours = file("ours-" + caller);
      Random random = new Random(caller);
      callers.add(transport.executor().submit(() -> swapOften(ours, random)));
    }
    for (Future<?> caller : callers) {
      caller.get();
    }
    assertThat(service.received()).hasSize(8 * 100);
  }

  private Void swapOften(Path ours, Random random) throws Exception {
    for (int i = 0; i < 100; i++) {
      String payload = "p".repeat(random.nextInt(20_000));
      try (CallFiles files = new CallFiles()) {
        String sent = files.send(ours);
        files.send(service.answerFile());
        String answered = files.during(() -> SwapFiles.call(channel, sent, payload));
        files.receive(answered, Duration.ofSeconds(60)).close();
      }
    }
    return null;
  }

  @Test
  void aFileThatIsNotSent_isInvalid_andNamed() throws Exception {
    service.patience(Duration.ofMillis(50));
    try (CallFiles files = new CallFiles()) {
      EndpointException failure =
          catchThrowableOfType(
              EndpointException.class,
              () -> files.during(() -> SwapFiles.call(channel, "inode://1/2", "x")));
      assertThat(failure.reason()).isEqualTo(Reason.INVALID);
      assertThat(failure).hasMessageStartingWith("inode://1/2: no descriptor came");
    }
  }

  /**
   * NSM's own senders send a file once per connection, also if the call it came with is refused.
   */
  @Test
  void aFileThatCameOnce_canBeTakenAgain_whileItsConnectionStands() throws Exception {
    String sent = PassedFile.inodeUrl(file("ours"));
    try (CallFiles files = new CallFiles()) {
      files.send(directory.resolve("ours"));
      files.during(() -> SwapFiles.call(channel, sent, "x"));
    }
    service.patience(Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      SwapFiles.call(channel, sent, "x");
    }
    assertThat(service.received()).containsExactly(sent, sent, sent, sent);
    channel.shutdownNow();
  }

  @Test
  void aFileThatCameOften_isHeldOnce() throws Exception {
    Path ours = file("ours");
    for (int i = 0; i < 5; i++) {
      try (CallFiles files = new CallFiles()) {
        String sent = files.send(ours);
        files.during(() -> SwapFiles.call(channel, sent, "x"));
      }
    }
    assertThat(OpenDescriptors.below(directory)).containsOnlyOnce(ours);
    channel.shutdownNow();
  }

  @Test
  void aFileThatCannotBeOpened_isNotFound() {
    try (CallFiles files = new CallFiles()) {
      EndpointException failure =
          catchThrowableOfType(
              EndpointException.class, () -> files.send(directory.resolve("absent")));
      assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
      assertThat(failure).hasMessageContaining("No such file or directory");
    }
  }

  @Test
  void aDescriptorOfASocket_canBeConnectedTo() throws Exception {
    Path socket = directory.resolve("listening");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      try (PassedFile held = PassedFile.open(socket)) {
        SocketChannel.open(UnixDomainSocketAddress.of(held.path())).close();
      }
    }
  }

  @Test
  void filesNobodyTakes_areClosedWithTheConnection() throws Exception {
    try (CallFiles files = new CallFiles()) {
      String asked = files.send(file("asked"));
      for (int i = 0; i < 200; i++) {
        files.send(file("unasked-" + i));
      }
      files.during(() -> SwapFiles.call(channel, asked, "x".repeat(1000)));
    }
    int answered = 1;
    assertThat(OpenDescriptors.below(directory)).hasSize(201 + answered);
    channel.shutdownNow();
  }

  /** A caller cannot take all descriptors of the server. */
  @Test
  void moreFilesThanMayWait_closeTheOldest() throws Exception {
    try (CallFiles files = new CallFiles()) {
      for (int i = 0; i < 300; i++) {
        files.send(file("unasked-" + i));
      }
      String asked = files.send(file("asked"));
      files.during(() -> SwapFiles.call(channel, asked, "x".repeat(1000)));
    }
    assertThat(OpenDescriptors.below(directory))
        .hasSizeLessThanOrEqualTo(258)
        .doesNotContain(directory.resolve("unasked-0"))
        .contains(directory.resolve("unasked-299"));
    channel.shutdownNow();
  }

  /** A peer in another language: the raw bytes of one message with a descriptor. */
  @Test
  void oneMessage_hasTheNextByteOnly() throws Exception {
    Path socket = directory.resolve("raw");
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(socket));
      try (var sender = SocketChannel.open(UnixDomainSocketAddress.of(socket));
          var receiver = listening.accept();
          PassedFile file = PassedFile.open(file("f"))) {
        var to = new SocketMessages(SocketNumber.of(sender).orElseThrow());
        assertThat(to.send((byte) 'a', file.descriptor())).isTrue();
        sender.write(ByteBuffer.wrap("bc".getBytes(UTF_8)));
        List<Integer> came = new ArrayList<>();
        assertThat(read(receiver, came)).isEqualTo("a");
        assertThat(came).hasSize(1);
        try (PassedFile received = PassedFile.ofDescriptor(came.get(0))) {
          assertThat(received.inodeUrl()).isEqualTo(file.inodeUrl());
        }
        assertThat(read(receiver, came)).isEqualTo("bc");
        assertThat(came).hasSize(1);
      }
    }
  }

  private static String read(SocketChannel from, List<Integer> descriptors) throws Exception {
    ByteBuffer memory = ByteBuffer.allocateDirect(16);
    long address =
        com.sun.jna.Pointer.nativeValue(com.sun.jna.Native.getDirectBufferPointer(memory));
    int count =
        new SocketMessages(SocketNumber.of(from).orElseThrow())
            .receive(address, memory.capacity(), descriptors::add);
    byte[] bytes = new byte[count];
    memory.get(bytes);
    return new String(bytes, UTF_8);
  }

  private Path file(String name) throws Exception {
    return Files.createFile(directory.resolve(name));
  }
}
