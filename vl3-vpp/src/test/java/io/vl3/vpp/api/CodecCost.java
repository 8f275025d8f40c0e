package io.vl3.vpp.api;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What it costs to read descriptions while it runs: a request and an answer of VPP 23.06, written
 * and read by their descriptions, and by what a generator would have made of these; and the largest
 * of those that are used, a route, by its description. Prints the processor time of each in ns. Run
 * as a program.
 */
public final class CodecCost {

  private static final int TIMES = 200_000;
  private static final int ROUNDS = 5;
  private static final int LARGEST = 1 << 16;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ApiSchema SCHEMA =
      ApiSchema.parse("23.06", SchemaTable.json(SchemaTable.kept("23.06")));
  private static final MessageType ADDRESS = type("sw_interface_add_del_address");
  private static final MessageType MEMIF = type("memif_details");
  private static final MessageType ROUTE = type("ip_route_add_del");
  private static final byte[] OCTETS = {10, 0, 0, 6};
  private static final int NUMBER = 0x0a000006;

  private CodecCost() {}

  /** As a generator would have it, with its own writer. */
  private record AddAddress(int face, boolean add, boolean all, int address, int length) {
    byte[] encode(int number, int client, int context) {
      ByteBuffer out = ByteBuffer.allocate(34);
      out.putShort((short) number).putInt(client).putInt(context).putInt(face);
      out.put((byte) (add ? 1 : 0)).put((byte) (all ? 1 : 0)).put((byte) 0).putInt(address);
      return out.position(33).put((byte) length).array();
    }
  }

  /** As a generator would have it, with its own reader. */
  private record Memif(
      int context,
      int face,
      long mac,
      int id,
      int role,
      int mode,
      boolean zeroCopy,
      int socket,
      int ring,
      int buffer,
      int flags,
      String name) {
    static Memif decode(ByteBuffer in) {
      in.getShort();
      int context = in.getInt();
      int face = in.getInt();
      long mac = (in.getInt() & 0xffffffffL) << 16 | (in.getShort() & 0xffff);
      int id = in.getInt();
      int role = in.getInt();
      int mode = in.getInt();
      boolean zeroCopy = in.get() != 0;
      int socket = in.getInt();
      int ring = in.getInt();
      int buffer = in.getShort() & 0xffff;
      int flags = in.getInt();
      byte[] name = new byte[64];
      in.get(name);
      int end = 0;
      while (end < name.length && name[end] != 0) {
        end++;
      }
      return new Memif(
          context,
          face,
          mac,
          id,
          role,
          mode,
          zeroCopy,
          socket,
          ring,
          buffer,
          flags,
          new String(name, 0, end, StandardCharsets.UTF_8));
    }
  }

  private interface Work {
    Object once() throws ApiException;
  }

  /** Prints. */
  public static void main(String[] args) throws ApiException {
    byte[] memif =
        Encoder.encode(
            MEMIF,
            ApiStruct.of("sw_if_index", 5).with("ring_size", 512).with("if_name", "memif1/0"),
            LARGEST);
    check(described(), new AddAddress(5, true, false, NUMBER, 32).encode(0, 1, 2));
    if (!Memif.decode(ByteBuffer.wrap(memif)).name().equals("memif1/0")) {
      throw new AssertionError("the reader by hand reads something else");
    }
    byte[] route = route();
    for (int round = 1; round <= ROUNDS; round++) {
      long described = time(CodecCost::described);
      long made = time(() -> new AddAddress(5, true, false, NUMBER, 32).encode(0, 1, 2));
      long read = time(() -> Decoder.decode(MEMIF, ByteBuffer.wrap(memif)));
      long readMade = time(() -> Memif.decode(ByteBuffer.wrap(memif)));
      System.out.printf(
          "round %d: %s written by description %d ns, as generated %d ns; %s read by description"
              + " %d ns, as generated %d ns%n",
          round, ADDRESS.name(), described, made, MEMIF.name(), read, readMade);
      System.out.printf(
          "round %d: %s written by description %d ns, read %d ns%n",
          round,
          ROUTE.name(),
          time(CodecCost::route),
          time(() -> Decoder.decode(ROUTE, ByteBuffer.wrap(route))));
    }
  }

  private static byte[] route() throws ApiException {
    ApiStruct address = ApiStruct.of("af", 0).with("un", ApiStruct.of("ip4", OCTETS));
    ApiStruct path = ApiStruct.of("sw_if_index", 5).with("weight", 1);
    return Encoder.encode(
        ROUTE,
        ApiStruct.of("is_add", true)
            .with(
                "route",
                ApiStruct.of("prefix", ApiStruct.of("address", address).with("len", 32))
                    .with("paths", List.of(path))),
        LARGEST);
  }

  private static byte[] described() throws ApiException {
    ApiStruct address = ApiStruct.of("af", 0).with("un", ApiStruct.of("ip4", OCTETS));
    return Encoder.encode(
        ADDRESS,
        ApiStruct.of("sw_if_index", 5)
            .with("is_add", true)
            .with("prefix", ApiStruct.of("address", address).with("len", 32))
            .with(MessageType.ID, 0)
            .with(MessageType.CLIENT, 1)
            .with(MessageType.CONTEXT, 2),
        LARGEST);
  }

  private static void check(byte[] one, byte[] other) {
    if (!Arrays.equals(one, other)) {
      throw new AssertionError(List.of(ApiBytes.of(one), ApiBytes.of(other)).toString());
    }
  }

  private static long time(Work work) throws ApiException {
    long begun = THREADS.getCurrentThreadCpuTime();
    int sum = 0;
    for (int i = 0; i < TIMES; i++) {
      sum += work.once().hashCode() & 1;
    }
    long spent = THREADS.getCurrentThreadCpuTime() - begun;
    return sum < 0 ? 0 : spent / TIMES;
  }

  private static MessageType type(String name) {
    return SCHEMA.messages().stream()
        .filter(message -> message.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
