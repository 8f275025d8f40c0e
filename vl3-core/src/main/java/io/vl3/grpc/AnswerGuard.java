package io.vl3.grpc;

import io.grpc.Attributes;
import io.vl3.connection.Path;
import io.vl3.failure.EndpointException;
import java.util.Optional;

/**
 * Judges what a server answered, from what the transport knows of it: the counterpart of {@link
 * CallGuard}. Thread-safe.
 */
@FunctionalInterface
public interface AnswerGuard {

  /** Believes every answer: where a transport knows nobody, there is nothing to judge by. */
  AnswerGuard NONE = (answered, connection) -> Verdict.BELIEVED;

  /**
   * Judges the answer to a request.
   *
   * @param answered the path; its current segment is ours, the next one the server's
   * @param connection what the transport knows of the connection that carried the call
   */
  Verdict judge(Path answered, Attributes connection);

  /**
   * What an answer is worth.
   *
   * @param refusal why it is not believed; empty if it is
   * @param outdated whether the same request, made once more, goes by a new connection and may be
   *     answered better: the server has another key by now than when we connected
   */
  record Verdict(Optional<EndpointException> refusal, boolean outdated) {

    /** Nothing speaks against it. */
    public static final Verdict BELIEVED = new Verdict(Optional.empty(), false);

    /** Not believed, however often it is asked for. */
    public static Verdict refused(EndpointException why) {
      return new Verdict(Optional.of(why), false);
    }

    /**
     * Returns if the answer is believed.
     *
     * @throws EndpointException if it is not
     */
    public void orThrow() throws EndpointException {
      if (refusal.isPresent()) {
        throw refusal.get();
      }
    }
  }
}
