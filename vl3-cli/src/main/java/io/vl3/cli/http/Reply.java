package io.vl3.cli.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A whole answer over HTTP.
 *
 * @param status such as 200
 * @param type of the content
 * @param body the content; its octets are not changed any more
 */
public record Reply(int status, String type, ByteBuffer body) {

  /** A plain text. */
  public static Reply text(int status, String text) {
    return new Reply(status, "text/plain; charset=utf-8", StandardCharsets.UTF_8.encode(text));
  }
}
