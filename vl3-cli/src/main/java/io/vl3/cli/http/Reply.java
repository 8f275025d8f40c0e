package io.vl3.cli.http;

/**
 * A whole answer over HTTP.
 *
 * @param status such as 200
 * @param type of the content, which is text in UTF-8
 * @param body the content
 */
public record Reply(int status, String type, String body) {

  /** A plain text. */
  public static Reply text(int status, String text) {
    return new Reply(status, "text/plain; charset=utf-8", text);
  }
}
