package io.vl3.nsm.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.List;
import java.util.Map;

/** Messages as the transcripts write them: protobuf JSON of the 0.2 API. */
final class Json02 {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private Json02() {}

  static ObjectNode of(MessageOrBuilder message) {
    ObjectNode node = JSON.objectNode();
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              JsonNode written = field(field, value);
              if (!written.isEmpty() || written.isValueNode()) {
                node.set(name(field), written);
              }
            });
    return node;
  }

  /** What a transcript has, put into a message. */
  static <B extends Message.Builder> B read(JsonNode node, B builder) {
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      JsonNode value = node.get(name(field));
      if (value == null) {
        continue;
      }
      if (field.isMapField()) {
        value
            .properties()
            .forEach(
                entry ->
                    builder.addRepeatedField(
                        field, entry(entry, builder.newBuilderForField(field))));
      } else if (isAddress(field)) {
        builder.addRepeatedField(field, value.textValue());
      } else if (field.isRepeated()) {
        value.forEach(each -> builder.addRepeatedField(field, one(each, field, builder)));
      } else {
        builder.setField(field, one(value, field, builder));
      }
    }
    return builder;
  }

  private static Message entry(Map.Entry<String, JsonNode> entry, Message.Builder pair) {
    FieldDescriptor value = pair.getDescriptorForType().findFieldByName("value");
    pair.setField(pair.getDescriptorForType().findFieldByName("key"), entry.getKey());
    return pair.setField(value, one(entry.getValue(), value, pair)).build();
  }

  private static Object one(JsonNode value, FieldDescriptor field, Message.Builder parent) {
    return switch (field.getJavaType()) {
      case MESSAGE -> read(value, parent.newBuilderForField(field)).build();
      case ENUM -> field.getEnumType().findValueByName(value.textValue());
      case BOOLEAN -> value.booleanValue();
      default -> value.textValue();
    };
  }

  /** The 0.2 API has one address where v1 has a list. */
  private static String name(FieldDescriptor field) {
    return isAddress(field) ? field.getJsonName().replaceAll("s$", "") : field.getJsonName();
  }

  private static boolean isAddress(FieldDescriptor field) {
    return field.getName().endsWith("_ip_addrs");
  }

  private static JsonNode field(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      ObjectNode map = JSON.objectNode();
      for (Object entry : (List<?>) value) {
        Message pair = (Message) entry;
        List<FieldDescriptor> parts = pair.getDescriptorForType().getFields();
        map.set(pair.getField(parts.get(0)).toString(), value(pair.getField(parts.get(1))));
      }
      return map;
    }
    if (isAddress(field)) {
      return value(((List<?>) value).get(0));
    }
    if (field.isRepeated()) {
      ArrayNode list = JSON.arrayNode();
      ((List<?>) value).forEach(each -> list.add(value(each)));
      return list;
    }
    return value(value);
  }

  private static JsonNode value(Object value) {
    if (value instanceof MessageOrBuilder message) {
      return of(message);
    }
    if (value instanceof EnumValueDescriptor word) {
      return JSON.textNode(word.getName());
    }
    return value instanceof Boolean truth
        ? JSON.booleanNode(truth)
        : JSON.textNode(value.toString());
  }
}
