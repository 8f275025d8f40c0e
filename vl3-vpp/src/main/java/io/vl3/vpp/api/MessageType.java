package io.vl3.vpp.api;

import java.util.List;
import java.util.Optional;

/**
 * What a version of VPP says of a message.
 *
 * @param name its name
 * @param crc eight hexadecimal digits, which change with its fields
 * @param fields its fields, from the message's number on
 */
public record MessageType(String name, String crc, List<ApiField> fields) {

  /** Field of the message's number, as descriptions call it. */
  static final String ID = "_vl_msg_id";

  static final String CLIENT = "client_index";
  static final String CONTEXT = "context";
  static final String RETVAL = "retval";

  /** Copies the list. */
  public MessageType {
    fields = List.copyOf(fields);
  }

  /** Its name in VPP's table. */
  public String nameAndCrc() {
    return name + "_" + crc;
  }

  /** The field of a name. */
  public Optional<ApiField> field(String wanted) {
    return fields.stream().filter(field -> field.name().equals(wanted)).findFirst();
  }

  /** Whether it answers a request, whose context it has; some answers name the client, too. */
  boolean isAnswer() {
    return field(CONTEXT).isPresent();
  }

  ApiType.Structure structure() {
    return new ApiType.Structure(name, fields);
  }
}
