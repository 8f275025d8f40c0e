package io.vl3.vpp.api;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Messages in frames over a socket whose calls block, and where in them their numbers are. */
final class VppFrames {

  static final int SOCKCLNT_CREATE = 15;
  static final int SOCKCLNT_CREATE_REPLY = 16;

  private static final int HEADER = 16;
  private static final int LENGTH_AT = 8;
  private static final int CONTEXT_OF_REQUEST_AT = 6;
  private static final int CONTEXT_OF_ANSWER_AT = 2;

  private VppFrames() {}

  static byte[] read(SocketChannel channel) throws IOException {
    return fill(channel, fill(channel, HEADER).getInt(LENGTH_AT)).array();
  }

  static void write(SocketChannel channel, byte[] message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEADER + message.length);
    frame.putLong(0).putInt(message.length).putInt(0).put(message).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  static int number(byte[] message) {
    return ByteBuffer.wrap(message).getShort(0) & 0xffff;
  }

  static int contextOfRequest(byte[] message) {
    return ByteBuffer.wrap(message).getInt(CONTEXT_OF_REQUEST_AT);
  }

  static int contextOfAnswer(byte[] message) {
    return ByteBuffer.wrap(message).getInt(CONTEXT_OF_ANSWER_AT);
  }

  /** The answer to another request of the same kind. */
  static byte[] answerTo(int context, byte[] answer) {
    return ByteBuffer.wrap(answer.clone()).putInt(CONTEXT_OF_ANSWER_AT, context).array();
  }

  private static ByteBuffer fill(SocketChannel channel, int octets) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(octets);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException();
      }
    }
    return in.flip();
  }
}
