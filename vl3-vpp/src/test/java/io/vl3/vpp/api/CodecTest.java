package io.vl3.vpp.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.vpp.api.ApiException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages to octets and back, by descriptions with everything that descriptions have. */
class CodecTest {

  private static final int LARGEST = 1 << 20;

  private static final String TABLE =
      """
      enum color u8 RED=1 BLUE=2
      flags power u32 ON=1 FAST=4
      union where v4:u8[4] v6:u8[16]
      struct place kind:color where:where
      message all 0000000a _vl_msg_id:u16 n:u8 many:u16[n] octets:u8[n] place:place power:power \
      short:string[8] long:string[] number:i32 big:u64 part:f64 yes:bool usual:u32=7 rest:u32[]
      struct label number:u16 ttl:u8=64
      message path 0000000b _vl_msg_id:u16 labels:label[4] codes:u16[3]
      """;

  private static final MessageType ALL =
      ApiSchema.parse("t", SchemaTable.json(TABLE)).message("all_0000000a").orElseThrow();

  private static final MessageType PATH =
      ApiSchema.parse("t", SchemaTable.json(TABLE)).message("path_0000000b").orElseThrow();

  private static final ApiStruct VALUES =
      ApiStruct.of("many", List.of(1, 65535))
          .with("octets", new byte[] {8, 9})
          .with(
              "place",
              ApiStruct.of("kind", "BLUE")
                  .with("where", ApiStruct.of("v4", new byte[] {10, 0, 0, 1})))
          .with("power", List.of("ON", "FAST"))
          .with("short", "abc")
          .with("long", "größer")
          .with("number", -2)
          .with("big", -1L)
          .with("yes", true)
          .with("rest", List.of(3, 4));

  @Test
  void everyTypeIsWrittenAsVppReadsIt() throws Exception {
    assertThat(HexFormat.of().formatHex(Encoder.encode(ALL, VALUES, LARGEST)))
        .isEqualTo(
            "0000" // number
                + "02" // n, counted
                + "0001ffff" // many
                + "0809" // octets
                + "02" // kind
                + "0a000001000000000000000000000000" // where, as large as the larger
                + "00000005" // power
                + "6162630000000000" // short
                + "00000008" // length in octets of
                + "6772c3b6c39f6572" // long
                + "fffffffe" // number
                + "ffffffffffffffff" // big
                + "0000000000000000" // part
                + "01" // yes
                + "00000007" // usual
                + "0000000300000004"); // rest
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    byte[] octets = Encoder.encode(ALL, VALUES, LARGEST);
    ApiStruct read = Decoder.decode(ALL, ByteBuffer.wrap(octets));
    assertThat(read.numbers("many")).containsExactly(1L, 65535L);
    assertThat(read.bytes("octets")).isEqualTo(ApiBytes.of(new byte[] {8, 9}));
    assertThat(read.struct("place").number("kind")).isEqualTo(2);
    assertThat(read.struct("place").struct("where").bytes("v4").toString()).isEqualTo("0a000001");
    assertThat(read.text("long")).isEqualTo("größer");
    assertThat(read.number("number")).isEqualTo(-2);
    assertThat(read.numbers("rest")).containsExactly(3L, 4L);
  }

  @Test
  void ofAnArray_whatIsNotSaidIsAsIfSaidSo_alsoWithStandardsOfItsOwn() throws Exception {
    ApiStruct one = ApiStruct.of("number", 258).with("ttl", 1);
    ApiStruct values = ApiStruct.of("labels", List.of(one)).with("codes", List.of(7));
    assertThat(HexFormat.of().formatHex(Encoder.encode(PATH, values, LARGEST)))
        .isEqualTo("0000" + "010201" + "000040".repeat(3) + "0007" + "0000".repeat(2));
  }

  @Test
  void anArraysElements_areReadEachForItself_wheneverAlikeFollowEachOther() throws Exception {
    Random random = new Random(11);
    for (int n = 0; n < 500; n++) {
      List<Long> numbers = random.longs(4, 0, 2).boxed().toList();
      List<ApiStruct> labels =
          numbers.stream().map(i -> ApiStruct.of("number", i).with("ttl", i * 3)).toList();
      byte[] octets = Encoder.encode(PATH, ApiStruct.of("labels", labels), LARGEST);
      assertThat(Decoder.decode(PATH, ByteBuffer.wrap(octets)).structs("labels")).isEqualTo(labels);
    }
  }

  @Test
  void aMessageThatEndsAnywhereIsUnreadable_andNothingElse() throws Exception {
    byte[] octets = Encoder.encode(ALL, VALUES.with("rest", List.of()), LARGEST);
    for (int length = 0; length < octets.length; length++) {
      ByteBuffer part = ByteBuffer.wrap(octets, 0, length);
      assertThatThrownBy(() -> Decoder.decode(ALL, part))
          .isInstanceOfSatisfying(
              ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREADABLE));
    }
  }

  @Test
  void anyOctetsAreReadOrUnreadable_withoutRoomForWhatIsNotThere() {
    Random random = new Random(7);
    int read = 0;
    for (int n = 0; n < 20_000; n++) {
      byte[] octets = new byte[random.nextInt(200)];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : 0);
      }
      try {
        Decoder.decode(ALL, ByteBuffer.wrap(octets));
        read++;
      } catch (ApiException unreadable) {
        assertThat(unreadable.kind()).isEqualTo(Kind.UNREADABLE);
      }
    }
    assertThat(read).as("not all are refused").isPositive();
  }

  @Test
  void whatDoesNotFitIsNamed_andNotSent() {
    refuses(VALUES.with("colour", 1), "all.colour: no such field");
    refuses(VALUES.with("short", "12345678"), "all.short: '12345678' (expected: at most 7 octets)");
    refuses(VALUES.with("usual", 1L << 32), "all.usual: 4294967296 (expected: u32)");
    refuses(VALUES.with("number", "x"), "all.number: x (expected: Number)");
    refuses(VALUES.with("power", "SLOW"), "all.power: SLOW");
    refuses(VALUES.with("place", ApiStruct.of("where", ApiStruct.EMPTY)), "all.place.where");
    ApiStruct wrong = ApiStruct.of("labels", List.of(ApiStruct.EMPTY, ApiStruct.of("ttl", 256)));
    refuses(PATH, wrong, "path.labels[1].ttl: 256 (expected: u8)");
    refuses(VALUES.with("long", "x".repeat(LARGEST)), "all: larger than 1048576 octets");
  }

  private static void refuses(ApiStruct values, String words) {
    refuses(ALL, values, words);
  }

  private static void refuses(MessageType type, ApiStruct values, String words) {
    assertThatThrownBy(() -> Encoder.encode(type, values, LARGEST))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNFIT_VALUE))
        .hasMessageContaining(words);
  }

  @Test
  void everyMessageOfEveryVersionIsWrittenAndReadBack() throws Exception {
    for (String version : SchemaTable.VERSIONS) {
      ApiSchema schema = ApiSchema.parse(version, SchemaTable.json(SchemaTable.kept(version)));
      assertThat(schema.unreadable()).isEmpty();
      assertThat(schema.size()).isGreaterThan(80);
      for (MessageType type : schema.messages()) {
        byte[] octets = Encoder.encode(type, ApiStruct.EMPTY, LARGEST);
        ApiStruct read = Decoder.decode(type, ByteBuffer.wrap(octets));
        assertThat(Encoder.encode(type, read.with("_vl_msg_id", 0), LARGEST))
            .as(type.name())
            .isEqualTo(octets);
      }
    }
  }

  /** Made there by {@code vppctl}: a slave of IP packets, id 0, socket 1, up, nobody there. */
  @Test
  void aMemifThatAReal2306Shows_isRead() throws Exception {
    ApiStruct memif =
        real(
            "memif_details_da34feb9",
            "007c00000005000000010000000000000000000000000001000000010100000001"
                + "00000001000000000001"
                + HexFormat.of().formatHex("memif1/0".getBytes(StandardCharsets.US_ASCII)),
            107);
    assertThat(memif.number("sw_if_index")).isEqualTo(1);
    assertThat(memif.number("role")).isEqualTo(1);
    assertThat(memif.number("mode")).isEqualTo(1);
    assertThat(memif.is("zero_copy")).isTrue();
    assertThat(memif.number("socket_id")).isEqualTo(1);
    assertThat(memif.number("ring_size")).isEqualTo(1);
    assertThat(memif.number("flags")).isEqualTo(1);
    assertThat(memif.text("if_name")).isEqualTo("memif1/0");
  }

  /** Made there by {@code vppctl}: 10.9.0.0/16 via 10.0.0.5 over interface 1. */
  @Test
  void aRouteThatAReal2306Shows_isRead() throws Exception {
    ApiStruct route =
        real(
                "ip_route_v2_details_b09aa6c0",
                "021d000000050000000000000009000a09000000000000000000000000000010"
                    + "010900000001000000000000000001000000000000000000000000000a000005",
                201)
            .struct("route");
    ApiStruct path = route.structs("paths").get(0);
    assertThat(route.structs("paths")).hasSize(1);
    assertThat(route.struct("prefix").number("len")).isEqualTo(16);
    assertThat(route.struct("prefix").struct("address").struct("un").bytes("ip4").toString())
        .isEqualTo("0a090000");
    assertThat(route.number("src")).isEqualTo(9);
    assertThat(path.number("sw_if_index")).isEqualTo(1);
    assertThat(path.number("weight")).isEqualTo(1);
    assertThat(path.struct("nh").struct("address").bytes("ip4").toString()).isEqualTo("0a000005");
  }

  /** What VPP sent, to its last octet; zeros at the end are left out of the text. */
  private static ApiStruct real(String message, String octets, int length) throws Exception {
    MessageType type =
        ApiSchema.parse("t", SchemaTable.json(SchemaTable.kept("23.06")))
            .message(message)
            .orElseThrow();
    byte[] all = Arrays.copyOf(HexFormat.of().parseHex(octets), length);
    ApiStruct read = Decoder.decode(type, ByteBuffer.wrap(all));
    assertThat(Encoder.encode(type, read, LARGEST)).as("written as VPP does").isEqualTo(all);
    return read;
  }

  @Test
  void aTableIsTheSameAfterATurn() {
    String kept = SchemaTable.kept("23.06");
    ApiSchema schema = ApiSchema.parse("t", SchemaTable.json(kept));
    List<String> names = schema.messages().stream().map(MessageType::name).toList();
    assertThat(SchemaTable.of(schema, names)).isEqualTo(kept);
  }

  @Test
  void aDirectoryBehindASymbolicLink_isReadAsIfItWereThere(@TempDir Path directory)
      throws Exception {
    Path behind = Files.createDirectory(directory.resolve("vpp-26.06"));
    Files.writeString(behind.resolve("t.api.json"), SchemaTable.json(TABLE));
    Path link = Files.createSymbolicLink(directory.resolve("vpp"), behind);
    assertThat(ApiSchema.read(List.of(link)).message("all_0000000a")).isPresent();
  }

  @Test
  void whatMakesNoSenseIsLeftOut_andNamed(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("bad.api.json"), "{\"messages\": [");
    Files.writeString(
        directory.resolve("odd.api.json"),
        """
        {"types": [["ring", ["vl_api_ring_t", "next"]]],
         "messages": [["a", ["u16", "_vl_msg_id"], ["vl_api_gone_t", "x"], {"crc": "0x00000001"}],
                      ["b", ["vl_api_ring_t", "x"], {"crc": "0x00000002"}],
                      ["c", ["u8", "x", 0, "n"], {"crc": "0x00000003"}],
                      ["d", ["u16", "_vl_msg_id"], {"crc": "0x00000004"}]]}
        """);
    ApiSchema schema = ApiSchema.read(List.of(directory));
    assertThat(schema.messages()).extracting(MessageType::name).containsExactly("d");
    assertThat(schema.unreadable().toString())
        .contains("bad.api.json")
        .contains("type gone: unknown")
        .contains("type ring: holds itself")
        .contains("counted by n (expected: a field before it)");
  }
}
