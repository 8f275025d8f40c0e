package io.vl3.prefixes;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ipam.IPAMGrpc;
import io.vl3.api.ipam.PrefixRequest;
import io.vl3.api.ipam.PrefixResponse;
import io.vl3.failure.EndpointException;
import io.vl3.grpc.internal.CallerKey;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prefixes in NSM v1's API ({@code ipam.IPAM}): a prefix is given for as long as a stream is open.
 * One whose stream broke without giving it back is kept for who asks for it again.
 */
final class StreamedPrefixes extends IPAMGrpc.IPAMImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(StreamedPrefixes.class);

  /** An NSE has one prefix; a few more do no harm. */
  private static final int MOST_OF_A_STREAM = 16;

  private final PrefixLedger ledger;

  StreamedPrefixes(PrefixLedger ledger) {
    this.ledger = ledger;
  }

  @Override
  public StreamObserver<PrefixRequest> managePrefixes(StreamObserver<PrefixResponse> answers) {
    return new Stream(answers, CallerKey.current().toString());
  }

  /** What one client has. */
  private final class Stream implements StreamObserver<PrefixRequest> {

    private final StreamObserver<PrefixResponse> answers;
    private final String client;

    /** Guarded by this, like the one below. */
    private final Set<IpPrefix> own = new HashSet<>();

    private boolean ended;

    Stream(StreamObserver<PrefixResponse> answers, String client) {
      this.answers = answers;
      this.client = client;
    }

    @Override
    public void onNext(PrefixRequest request) {
      try {
        switch (request.getType()) {
          case ALLOCATE -> allocate(request);
          case DELETE -> delete(IpPrefix.parseLenient(request.getPrefix()));
          default ->
              throw new IllegalArgumentException(
                  "type: %s (expected: ALLOCATE, DELETE)".formatted(request.getType()));
        }
      } catch (IllegalArgumentException invalid) {
        refuse(Status.INVALID_ARGUMENT.withDescription(invalid.getMessage()));
      }
    }

    private void allocate(PrefixRequest request) {
      Optional<IpPrefix> wish =
          Optional.of(request.getPrefix())
              .filter(text -> !text.isEmpty())
              .map(IpPrefix::parseLenient);
      List<String> excluded = request.getExcludePrefixesList();
      PrefixSet avoiding = PrefixSet.of(excluded.stream().map(IpPrefix::parseLenient).toList());
      if (isFull()) {
        refuse(
            Status.RESOURCE_EXHAUSTED.withDescription(
                "prefixes of a stream: %d (expected: fewer)".formatted(MOST_OF_A_STREAM)));
        return;
      }
      ledger
          .give(wish, avoiding)
          .whenComplete(
              (prefix, failure) -> {
                if (failure == null) {
                  given(prefix, excluded);
                } else {
                  refuse(StatusCodes.toStatus(EndpointException.of(failure)));
                }
              });
    }

    private synchronized boolean isFull() {
      return own.size() >= MOST_OF_A_STREAM;
    }

    private synchronized void given(IpPrefix prefix, List<String> excluded) {
      if (ended) {
        ledger.giveBack(prefix); // Nobody has seen it.
        return;
      }
      own.add(prefix);
      LOG.info("{} is of {}", prefix, client);
      answers.onNext(
          PrefixResponse.newBuilder()
              .setPrefix(prefix.toString())
              .addAllExcludePrefixes(excluded)
              .build());
    }

    private synchronized void delete(IpPrefix prefix) {
      if (own.remove(prefix)) {
        LOG.info("{} is given back by {}", prefix, client);
        ledger.giveBack(prefix);
      }
    }

    private synchronized void refuse(Status status) {
      if (!ended) {
        end();
        answers.onError(status.asRuntimeException());
      }
    }

    /** The client or the way to it is gone. */
    @Override
    public synchronized void onError(Throwable broken) {
      end();
    }

    /** The client ends in order, and gives back what it has. */
    @Override
    public synchronized void onCompleted() {
      if (!ended) {
        List.copyOf(own).forEach(this::delete);
        end();
        answers.onCompleted();
      }
    }

    private void end() {
      ended = true;
      own.forEach(ledger::await);
      own.clear();
    }
  }
}
