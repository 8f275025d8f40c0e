package io.vl3.workloads;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.vl3.api.svreg.Empty;
import io.vl3.api.svreg.RegisteredWorkloads;
import io.vl3.api.svreg.RegistryGrpc;
import io.vl3.api.svreg.RegistryStateGrpc;
import io.vl3.api.svreg.ServiceWorkload;
import io.vl3.api.svreg.WorkloadEvent;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.internal.memory.SharedMemory;
import io.vl3.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A workload registry in memory, in the original's API ({@code svreg.Registry}, {@code
 * svreg.RegistryState}). It begins empty: who registers repeats it. Who watches is told first who
 * is there, then what changes; one that reads too slowly is ended and subscribes again.
 *
 * <p>A registration lasts as long as its caller says in the header {@code vl3-lifetime-seconds}, as
 * our NSEs do, else as long as the registry is told to keep it. Thread-safe.
 */
public final class WorkloadRegistry {

  private static final Context.Key<Optional<Duration>> LIFETIME = Context.key("lifetime");

  /** How many may watch: each is kept a list of who is there until it has read it. */
  private static final int MOST_WATCHES = 256;

  private static final long LONGEST_SECONDS = Duration.ofDays(366).toSeconds();

  private final InMemoryWorkloads workloads;
  private final SharedMemory memory;
  private final SharedMemory waiting;
  private final Executor executor;
  private final Optional<Duration> lifetime;

  /**
   * An empty registry.
   *
   * @param timer the clock by which registrations end
   * @param executor where watches are written
   * @param mostBytes how much memory workloads may take; changes that wait for watches to read them
   *     may take a quarter of that beside
   * @param lifetime of a registration whose caller says nothing; empty: until it is removed
   */
  public WorkloadRegistry(
      Timer timer, Executor executor, long mostBytes, Optional<Duration> lifetime) {
    this.memory = new SharedMemory(mostBytes, mostBytes);
    this.waiting = new SharedMemory(mostBytes / 4);
    this.workloads = new InMemoryWorkloads(timer, memory);
    this.executor = executor;
    this.lifetime = lifetime;
  }

  /** The services, to add to a server. */
  public List<BindableService> services() {
    return List.of(
        new BindableService() {
          @Override
          public ServerServiceDefinition bindService() {
            return ServerInterceptors.intercept(new Changes(), new TakeLifetime());
          }
        },
        new State());
  }

  /** How many workloads are registered. */
  public int size() {
    return workloads.size();
  }

  /** How many bytes workloads and waiting changes take; none when there are none. */
  public long usedBytes() {
    return memory.used() + waiting.used();
  }

  /** How many watch. */
  public int watches() {
    return workloads.watches();
  }

  private Optional<Duration> lifetimeOfCall() {
    return Optional.ofNullable(LIFETIME.get()).flatMap(said -> said).or(() -> lifetime);
  }

  private interface Change {
    void apply() throws EndpointException;
  }

  private static void answer(StreamObserver<Empty> observer, Change change) {
    try {
      change.apply();
    } catch (EndpointException refused) {
      observer.onError(StatusCodes.toStatus(refused).asRuntimeException());
      return;
    }
    observer.onNext(Empty.getDefaultInstance());
    observer.onCompleted();
  }

  private final class Changes extends RegistryGrpc.RegistryImplBase {

    @Override
    public void registerWorkload(ServiceWorkload workload, StreamObserver<Empty> observer) {
      answer(observer, () -> workloads.register(workload, lifetimeOfCall()));
    }

    @Override
    public void removeWorkload(ServiceWorkload workload, StreamObserver<Empty> observer) {
      answer(observer, () -> workloads.remove(workload));
    }

    @Override
    public void getServices(Empty all, StreamObserver<WorkloadEvent> observer) {
      if (workloads.watches() >= MOST_WATCHES) {
        observer.onError(
            Status.RESOURCE_EXHAUSTED
                .withDescription("watches: %d (expected: fewer)".formatted(MOST_WATCHES))
                .asRuntimeException());
        return;
      }
      WorkloadWatch watch =
          new WorkloadWatch(
              (ServerCallStreamObserver<WorkloadEvent>) observer,
              waiting,
              executor,
              workloads::unwatch);
      workloads.watch(watch);
    }
  }

  private final class State extends RegistryStateGrpc.RegistryStateImplBase {

    @Override
    public void getRegisteredWorkloads(Empty all, StreamObserver<RegisteredWorkloads> observer) {
      observer.onNext(workloads.all());
      observer.onCompleted();
    }
  }

  /** Puts what the header says into the call's context; what is no number of seconds is refused. */
  private static final class TakeLifetime implements ServerInterceptor {

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      Optional<String> said = Optional.ofNullable(headers.get(WorkloadRegistrar.LIFETIME));
      Optional<Duration> lifetime = said.flatMap(TakeLifetime::seconds);
      if (said.isPresent() && lifetime.isEmpty()) {
        String refusal =
            "%s: %s (expected: 1..%d)"
                .formatted(WorkloadRegistrar.LIFETIME.name(), said.get(), LONGEST_SECONDS);
        call.close(
            StatusCodes.toStatus(new EndpointException(Reason.INVALID, refusal)), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(
          Context.current().withValue(LIFETIME, lifetime), call, headers, next);
    }

    private static Optional<Duration> seconds(String text) {
      return Optional.of(text)
          .filter(all -> all.matches("[0-9]{1,9}"))
          .map(Long::parseLong)
          .filter(seconds -> seconds > 0 && seconds <= LONGEST_SECONDS)
          .map(Duration::ofSeconds);
    }
  }
}
