package io.vl3.vpp.api;

import java.util.List;

/**
 * A message. Number, client and context are the connection's to fill in. Immutable.
 *
 * @param name its name, without CRC
 * @param body its values
 */
public record ApiMessage(String name, ApiStruct body) {

  /** A message without values. */
  public static ApiMessage of(String name) {
    return new ApiMessage(name, ApiStruct.EMPTY);
  }

  /** This message with another value. */
  public ApiMessage with(String field, Object value) {
    return new ApiMessage(name, body.with(field, value));
  }

  /** A number; u64 as its 64 bits. */
  public long number(String field) {
    return body.number(field);
  }

  /** A number that fits an int, or of which only the lower 32 bits count. */
  public int intValue(String field) {
    return body.intValue(field);
  }

  /** A truth value. */
  public boolean is(String field) {
    return body.is(field);
  }

  /** A text. */
  public String text(String field) {
    return body.text(field);
  }

  /** Octets. */
  public ApiBytes bytes(String field) {
    return body.bytes(field);
  }

  /** A structure. */
  public ApiStruct struct(String field) {
    return body.struct(field);
  }

  /** A list of structures. */
  public List<ApiStruct> structs(String field) {
    return body.structs(field);
  }

  /** VPP's result: 0, or a negative number for a failure; 0 if the message has none. */
  public int retval() {
    return body.has(MessageType.RETVAL) ? body.intValue(MessageType.RETVAL) : 0;
  }

  /** This answer, if VPP did not say no. */
  public ApiMessage orRefusal() throws ApiException {
    if (retval() < 0) {
      throw ApiException.refused(name.replaceFirst("_reply$", ""), retval());
    }
    return this;
  }
}
