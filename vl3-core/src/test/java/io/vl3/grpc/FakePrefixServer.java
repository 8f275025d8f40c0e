package io.vl3.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.vl3.api.ipam.IPAMGrpc;
import io.vl3.api.ipam.PrefixRequest;
import io.vl3.api.ipam.PrefixResponse;
import io.vl3.api.ipam.Type;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * NSM v1's prefix server, of 172.16.0.0/16 in pieces of /24: gives who asks what it asks for if
 * that is free, else the first that is; a prefix is free again at the end of its stream. Everything
 * happens in the thread that causes it. Refuses what the reference's clients never send.
 */
final class FakePrefixServer extends IPAMGrpc.IPAMImplBase implements AutoCloseable {

  private final Server server;
  private final ManagedChannel channel;
  private final Map<String, Held> held = new LinkedHashMap<>();
  private final List<Held> streams = new ArrayList<>();

  /** What it was asked, a line each. */
  final List<String> asked = new ArrayList<>();

  /** What is answered in place of what is free. */
  Optional<PrefixResponse> instead = Optional.empty();

  boolean silent;
  boolean away;
  boolean endingAfterGrant;

  FakePrefixServer() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).directExecutor().addService(this).build().start();
    channel = InProcessChannelBuilder.forName(name).directExecutor().build();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** What is given out, sorted by when. */
  List<String> given() {
    return List.copyOf(held.keySet());
  }

  /** How many streams are open. */
  int open() {
    return streams.size();
  }

  /** Somebody else has a prefix. */
  void take(String prefix) {
    held.put(prefix, new Held(new Nobody()));
  }

  /** Whoever has a prefix, has it no more. */
  void free(String prefix) {
    held.remove(prefix);
  }

  /** Ends every stream, as the network or the end of the server does. */
  void breakStreams() {
    for (Held each : List.copyOf(streams)) {
      each.end();
      each.client.onError(Status.UNAVAILABLE.withDescription("broken").asRuntimeException());
    }
  }

  /** Changes what every client has. */
  void change(String prefix) {
    for (Held each : List.copyOf(streams)) {
      each.give(PrefixResponse.newBuilder().setPrefix(prefix).build());
    }
  }

  @Override
  public StreamObserver<PrefixRequest> managePrefixes(StreamObserver<PrefixResponse> client) {
    Held stream = new Held(client);
    streams.add(stream);
    return stream;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Held implements StreamObserver<PrefixRequest> {

    private final StreamObserver<PrefixResponse> client;

    Held(StreamObserver<PrefixResponse> client) {
      this.client = client;
    }

    @Override
    public void onNext(PrefixRequest request) {
      asked.add(
          (request.getType()
                  + " "
                  + request.getPrefix()
                  + " not "
                  + request.getExcludePrefixesList())
              .replace(" not []", "")
              .trim());
      if (request.getType() == Type.DELETE) {
        held.remove(request.getPrefix(), this);
      } else if (away) {
        end();
        client.onError(Status.UNAVAILABLE.withDescription("away").asRuntimeException());
      } else if (request.getType() != Type.ALLOCATE) {
        end();
        client.onError(Status.INVALID_ARGUMENT.asRuntimeException());
      } else if (!silent) {
        give(instead.orElseGet(() -> choice(request)));
        if (endingAfterGrant) {
          end();
          client.onCompleted();
        }
      }
    }

    private PrefixResponse choice(PrefixRequest request) {
      PrefixResponse.Builder answer =
          PrefixResponse.newBuilder().addAllExcludePrefixes(request.getExcludePrefixesList());
      if (!request.getPrefix().isEmpty() && !held.containsKey(request.getPrefix())) {
        return answer.setPrefix(request.getPrefix()).build();
      }
      int n = 0;
      while (held.containsKey("172.16.%d.0/24".formatted(n))) {
        n++;
      }
      return answer.setPrefix("172.16.%d.0/24".formatted(n)).build();
    }

    private void give(PrefixResponse answer) {
      held.values().remove(this);
      held.put(answer.getPrefix(), this);
      client.onNext(answer);
    }

    private void end() {
      held.values().remove(this);
      streams.remove(this);
    }

    @Override
    public void onError(Throwable cancelled) {
      end();
    }

    @Override
    public void onCompleted() {
      end();
      client.onCompleted();
    }
  }

  /** A client that does not listen. */
  private static final class Nobody implements StreamObserver<PrefixResponse> {

    @Override
    public void onNext(PrefixResponse answer) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
