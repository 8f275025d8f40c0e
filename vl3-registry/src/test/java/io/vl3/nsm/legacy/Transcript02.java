package io.vl3.nsm.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the original's programs said to each other, as it was recorded. */
public final class Transcript02 {

  private Transcript02() {}

  /**
   * One call.
   *
   * @param recorded with {@code request}, and {@code answer} or {@code answers}
   */
  public record Step(JsonNode recorded) {

    /** The request as JSON. */
    public ObjectNode request() {
      return recorded.get("request").deepCopy();
    }

    /** The request as the message of a builder. */
    public <B extends Message.Builder> B request(B builder) {
      return Json02.read(request(), builder);
    }

    public ObjectNode answer() {
      return recorded.get("answer").deepCopy();
    }

    /** Of a stream. */
    public List<JsonNode> answers() {
      List<JsonNode> all = new ArrayList<>();
      recorded.get("answers").forEach(all::add);
      return all;
    }

    /** The text of a failure. */
    public String error() {
      return recorded.get("error").textValue();
    }
  }

  /** A call of a transcript, counted from 0. */
  public static Step step(String transcript, int number) {
    try (InputStream in =
        Objects.requireNonNull(
            Transcript02.class.getResourceAsStream("/io/vl3/nsm02/" + transcript), transcript)) {
      return new Step(new ObjectMapper().readTree(in).get("steps").get(number));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** A message of ours as transcripts have it. */
  public static ObjectNode json(MessageOrBuilder message) {
    return Json02.of(message);
  }
}
