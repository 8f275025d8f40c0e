package io.vl3.vpp.api;

import io.vl3.vpp.api.ApiException.Kind;
import io.vl3.vpp.api.ApiType.Scalar;
import io.vl3.vpp.api.ApiType.Text;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The messages of one VPP: its table, and what is known of their fields. Immutable. */
final class Dictionary {

  static final Dictionary NOTHING =
      of(ApiTable.read(ByteBuffer.allocate(0), 0).orElseThrow(), ApiSchema.EMPTY);

  private static final ApiField ID = field(MessageType.ID, Scalar.U16);
  private static final ApiField CONTEXT = field(MessageType.CONTEXT, Scalar.U32);

  /** The message that lists all others; it is built in, as it would be needed to find itself. */
  private static final MessageType QUESTION =
      new MessageType(
          "get_api_json", "51077d14", List.of(ID, field(MessageType.CLIENT, Scalar.U32), CONTEXT));

  private static final MessageType ANSWER =
      new MessageType(
          "get_api_json_reply",
          "ea715b59",
          List.of(
              ID,
              CONTEXT,
              field(MessageType.RETVAL, Scalar.I32),
              new ApiField("json", new Text(0), Optional.empty())));

  /** A VPP that describes its messages leaves out those of its module memclnt, these among them. */
  private static final MessageType PING =
      new MessageType(
          "control_ping", "51077d14", List.of(ID, field(MessageType.CLIENT, Scalar.U32), CONTEXT));

  private static final MessageType PONG =
      new MessageType(
          "control_ping_reply",
          "f6b0b8ca",
          List.of(
              ID,
              CONTEXT,
              field(MessageType.RETVAL, Scalar.I32),
              field(MessageType.CLIENT, Scalar.U32),
              field("vpe_pid", Scalar.U32)));

  private final ApiTable table;
  private final ApiSchema schema;
  private final Map<String, MessageType> types;

  private Dictionary(ApiTable table, ApiSchema schema, Map<String, MessageType> types) {
    this.table = table;
    this.schema = schema;
    this.types = types;
  }

  /**
   * What arrived.
   *
   * @param context of the request that it answers; empty if it answers none
   */
  record Arrival(ApiMessage message, OptionalInt context) {}

  static Dictionary of(ApiTable table, ApiSchema schema) {
    Map<String, MessageType> types = new HashMap<>();
    for (ApiTable.Entry entry : table.byName().values()) {
      schema
          .message(entry.nameAndCrc())
          .or(() -> byHeart(entry))
          .ifPresent(type -> types.put(entry.name(), type));
    }
    return new Dictionary(table, schema, types);
  }

  private static Optional<MessageType> byHeart(ApiTable.Entry entry) {
    return List.of(QUESTION, ANSWER, PING, PONG).stream()
        .filter(type -> type.nameAndCrc().equals(entry.nameAndCrc()))
        .findFirst();
  }

  ApiTable table() {
    return table;
  }

  ApiSchema schema() {
    return schema;
  }

  Optional<MessageType> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /** Whether the fields of all of VPP's messages are known. */
  boolean isComplete() {
    return types.size() == table.byName().size();
  }

  /** The question by which this VPP can be asked for the fields of its messages. */
  Optional<MessageType> bootstrap() {
    return type(QUESTION.name()).filter(question -> types.containsKey(ANSWER.name()));
  }

  byte[] encode(ApiMessage message, int client, int context, VppApi.Settings settings)
      throws ApiException {
    MessageType type = type(message.name()).orElseThrow(() -> unknown(message, settings));
    ApiStruct values =
        message.body().with(MessageType.ID, table.get(message.name()).orElseThrow().number());
    if (type.field(MessageType.CLIENT).isPresent()) {
      values = values.with(MessageType.CLIENT, client & 0xffffffffL);
    }
    if (type.field(MessageType.CONTEXT).isPresent()) {
      values = values.with(MessageType.CONTEXT, context & 0xffffffffL);
    }
    return Encoder.encode(type, values, settings.largestOctets());
  }

  /** The message in a frame; empty if its fields are not known, and so nobody here waits for it. */
  Optional<Arrival> decode(ByteBuffer octets) throws ApiException {
    if (octets.remaining() < 2) {
      throw new ApiException(Kind.UNREADABLE, "frame without a message (expected: one)");
    }
    int number = octets.getShort(octets.position()) & 0xffff;
    Optional<MessageType> type = table.get(number).flatMap(entry -> type(entry.name()));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    ApiStruct values = Decoder.decode(type.get(), octets);
    OptionalInt context =
        type.get().isAnswer()
            ? OptionalInt.of(values.intValue(MessageType.CONTEXT))
            : OptionalInt.empty();
    return Optional.of(new Arrival(new ApiMessage(type.get().name(), values), context));
  }

  private ApiException unknown(ApiMessage message, VppApi.Settings settings) {
    String why =
        table
            .get(message.name())
            .map(
                entry ->
                    "fields of %s: unknown (expected: in the .api.json files of this VPP)"
                        .formatted(entry.nameAndCrc()))
            .orElse(
                "message %s: unknown to it (expected: a VPP, or a plugin, that has it)"
                    .formatted(message.name()));
    return new ApiException(
        Kind.UNKNOWN_MESSAGE, "VPP at %s: %s".formatted(settings.socket(), why));
  }

  private static ApiField field(String name, ApiType type) {
    return new ApiField(name, type, Optional.empty());
  }
}
