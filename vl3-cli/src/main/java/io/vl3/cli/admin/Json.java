package io.vl3.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.Collection;
import java.util.Map;

/** The admin service's records as JSON: protobuf's own mapping, every field shown. */
public final class Json {

  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** A record. */
  public static ObjectNode of(Message record) {
    try {
      return MAPPER.readValue(line(record), ObjectNode.class);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A record in one line. */
  public static String line(Message record) {
    try {
      return PRINTER.print(record);
    } catch (InvalidProtocolBufferException unknownAny) {
      throw new IllegalStateException(unknownAny);
    }
  }

  /**
   * A document of records, in lines, ended by a line feed.
   *
   * @param version of the document
   * @param name what the records are
   * @param silent who did not answer, and why
   */
  public static String document(
      int version, String name, Collection<? extends Message> records, Map<String, String> silent) {
    ObjectNode root = root(version, silent);
    ArrayNode all = root.putArray(name);
    records.forEach(record -> all.add(of(record)));
    return text(root);
  }

  /** The beginning of a document. */
  public static ObjectNode root(int version, Map<String, String> silent) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", version);
    ArrayNode missing = root.putArray("silent");
    silent.forEach((socket, why) -> missing.addObject().put("socket", socket).put("why", why));
    return root;
  }

  /** A document as text, in lines, ended by a line feed. */
  public static String text(JsonNode root) {
    return root.toPrettyString() + "\n";
  }
}
