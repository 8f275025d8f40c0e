package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The first two messages, whose numbers are the same on every VPP (vlibmemory/memclnt.api). */
final class Handshake {

  private static final int SOCKCLNT_CREATE = 15;
  private static final int SOCKCLNT_CREATE_REPLY = 16;
  private static final int NAME = 64;

  private Handshake() {}

  /**
   * What VPP answers.
   *
   * @param client what we are known by in every request
   */
  record Welcome(int client, ApiTable table) {}

  static byte[] request(String clientName) {
    byte[] name = Arrays.copyOf(clientName.getBytes(StandardCharsets.UTF_8), NAME - 1);
    return ByteBuffer.allocate(2 + 4 + NAME)
        .putShort((short) SOCKCLNT_CREATE)
        .putInt(0)
        .put(name)
        .array();
  }

  static Welcome welcome(ByteBuffer in) throws ApiException {
    int fixed = 2 + 4 + 4 + 4 + 4 + 2;
    if (in.remaining() < fixed || (in.getShort() & 0xffff) != SOCKCLNT_CREATE_REPLY) {
      throw new ApiException(Kind.UNREADABLE, "no sockclnt_create_reply (expected: first of all)");
    }
    in.getInt(); // client index as we sent it
    in.getInt(); // context
    int response = in.getInt();
    if (response < 0) {
      throw ApiException.refused("sockclnt_create", response);
    }
    int client = in.getInt();
    int count = in.getShort() & 0xffff;
    return ApiTable.read(in, count)
        .map(table -> new Welcome(client, table))
        .orElseThrow(
            () ->
                new ApiException(
                    Kind.UNREADABLE, "table of %d messages: ends before".formatted(count)));
  }
}
