package io.vl3.transport.svid;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.spiffe.bundle.x509bundle.X509Bundle;
import io.spiffe.exception.BundleNotFoundException;
import io.spiffe.exception.X509BundleException;
import io.spiffe.exception.X509SvidException;
import io.spiffe.spiffeid.TrustDomain;
import io.spiffe.svid.x509svid.X509Svid;
import io.spiffe.workloadapi.X509Source;
import io.spiffe.workloadapi.grpc.SpiffeWorkloadAPIGrpc;
import io.spiffe.workloadapi.grpc.Workload.X509SVID;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDRequest;
import io.spiffe.workloadapi.grpc.Workload.X509SVIDResponse;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.internal.log.Outage;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import io.vl3.transport.GrpcChannels;
import io.vl3.transport.TransportOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our SVID and whom to trust from the SPIFFE Workload API, followed for as long as this is open. An
 * agent that is away leaves what it last said; it is asked again with pauses. Thread-safe.
 */
public final class WorkloadApi implements X509Source {

  private static final Logger LOG = LoggerFactory.getLogger(WorkloadApi.class);

  private static final BackOff PAUSES = new BackOff(Duration.ofMillis(100), Duration.ofSeconds(10));
  private static final Metadata.Key<String> SECURITY_HEADER =
      Metadata.Key.of("workload.spiffe.io", Metadata.ASCII_STRING_MARSHALLER);

  private final String address;
  private final ManagedChannel channel;
  private final Timer timer;
  private final RandomGenerator random;
  private final CompletableFuture<Material> first = new CompletableFuture<>();
  private final Outage outage;
  private final Object lock = new Object();
  private volatile @Nullable Material current;
  private volatile String trouble = "no answer";
  private Timer.Cancellable retry = () -> {};
  private Timer.Cancellable expiry = () -> {};
  private @Nullable Stream stream;
  private int failures;
  private boolean closed;

  private WorkloadApi(String address, ManagedChannel channel, Timer timer, RandomGenerator random) {
    this.address = address;
    this.channel = channel;
    this.timer = timer;
    this.random = random;
    this.outage = new Outage(LOG, timer);
  }

  /**
   * Connects to the agent and waits for the first SVID.
   *
   * @param address {@code unix:///PATH} or {@code tcp://HOST:PORT}, as {@code
   *     SPIFFE_ENDPOINT_SOCKET} has it
   * @param options of the channel, which speaks without TLS: the agent knows us by our process
   * @param patience how long to wait
   * @throws EndpointException UNAVAILABLE if no SVID comes, INVALID if the address is none
   */
  public static WorkloadApi open(
      String address,
      TransportOptions options,
      Timer timer,
      RandomGenerator random,
      Duration patience)
      throws EndpointException {
    String url = address.startsWith("unix:/") ? "unix://" + path(address) : address;
    WorkloadApi api =
        new WorkloadApi(
            address,
            GrpcChannels.open(url, options.withoutTls().withInsecure(true)),
            timer,
            random);
    api.subscribe();
    try {
      var unused = api.first.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return api;
    } catch (TimeoutException | ExecutionException none) {
      String why = api.trouble;
      api.close();
      throw new EndpointException(
          Reason.UNAVAILABLE,
          "SPIFFE Workload API: %s gave no usable SVID [%s; waited %s at most]"
              .formatted(address, why, patience),
          none);
    } catch (InterruptedException interrupted) {
      api.close();
      Thread.currentThread().interrupt();
      throw new EndpointException(Reason.CANCELLED, "SPIFFE Workload API: waiting was called off");
    }
  }

  @Override
  public X509Svid getX509Svid() {
    return material().svid;
  }

  @Override
  public X509Bundle getBundleForTrustDomain(TrustDomain domain) throws BundleNotFoundException {
    X509Bundle bundle = material().bundles.get(domain);
    if (bundle == null) {
      throw new BundleNotFoundException(
          "trust domain: %s (expected: one of %s)".formatted(domain, material().bundles.keySet()));
    }
    return bundle;
  }

  /** Ends the connection to the agent; idempotent. */
  @Override
  public void close() {
    Stream open;
    synchronized (lock) {
      closed = true;
      retry.cancel();
      expiry.cancel();
      open = stream;
    }
    if (open != null) {
      open.cancel();
    }
    channel.shutdownNow();
  }

  private Material material() {
    return Objects.requireNonNull(current, "the first SVID was waited for");
  }

  private static String path(String address) {
    String path = address.substring("unix:".length());
    return path.startsWith("//") ? path.substring(2) : path;
  }

  private void subscribe() {
    Stream opened = new Stream();
    synchronized (lock) {
      if (closed) {
        return;
      }
      stream = opened;
    }
    Metadata headers = new Metadata();
    headers.put(SECURITY_HEADER, "true");
    GrpcChannels.wake(channel);
    Context.ROOT.run(
        () ->
            SpiffeWorkloadAPIGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .fetchX509SVID(X509SVIDRequest.getDefaultInstance(), opened));
  }

  private void again(String why) {
    trouble = why;
    boolean lost;
    synchronized (lock) {
      if (closed) {
        return;
      }
      lost = failures > 0 && current != null;
      failures++;
      retry = timer.after(PAUSES.delay(failures, random), this::subscribe);
    }
    // A stream that ends may be replaced in no time, and a caller that waits for the first SVID
    // learns why.
    if (lost) {
      outage.failed(
          "%s: SPIFFE Workload API lost, the last SVID stands: %s".formatted(address, why));
    }
  }

  private void take(X509SVIDResponse response) {
    try {
      Material read = read(response);
      current = read;
      Instant end = read.svid.getLeaf().getNotAfter().toInstant();
      synchronized (lock) {
        failures = 0;
        expiry.cancel();
        expiry = closed ? expiry : timer.after(until(end), () -> expired(read, end));
      }
      first.complete(read);
      outage.ended("%s: SPIFFE Workload API is back".formatted(address));
      LOG.info("SVID {} until {}", read.svid.getSpiffeId(), end);
    } catch (X509SvidException | X509BundleException | EndpointException unusable) {
      trouble = String.valueOf(unusable.getMessage());
      first.completeExceptionally(unusable);
      LOG.warn("{}: what it sent is not used: {}", address, unusable.getMessage());
    }
  }

  private Duration until(Instant end) {
    Duration left = Duration.between(timer.instant(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** From now on everybody refuses us, and says less than that. */
  private void expired(Material which, Instant end) {
    if (which.equals(current)) {
      outage.failed(
          "%s: SPIFFE Workload API gave no successor of SVID %s, which ended at %s"
              .formatted(address, which.svid.getSpiffeId(), end));
    }
  }

  /** The first SVID is the default one. */
  private Material read(X509SVIDResponse response)
      throws X509SvidException, X509BundleException, EndpointException {
    if (response.getSvidsCount() == 0) {
      throw new EndpointException(Reason.DENIED, "no SVID (expected: one for this process)");
    }
    X509SVID sent = response.getSvids(0);
    X509Svid svid =
        X509Svid.parseRaw(sent.getX509Svid().toByteArray(), sent.getX509SvidKey().toByteArray());
    SvidKeys.check(svid, address);
    Map<TrustDomain, X509Bundle> bundles = new HashMap<>();
    TrustDomain own = svid.getSpiffeId().getTrustDomain();
    bundles.put(own, X509Bundle.parse(own, sent.getBundle().toByteArray()));
    for (Map.Entry<String, ByteString> other : response.getFederatedBundlesMap().entrySet()) {
      TrustDomain domain = TrustDomain.parse(other.getKey());
      bundles.put(domain, X509Bundle.parse(domain, other.getValue().toByteArray()));
    }
    return new Material(svid, Map.copyOf(bundles));
  }

  private record Material(X509Svid svid, Map<TrustDomain, X509Bundle> bundles) {}

  private final class Stream implements ClientResponseObserver<X509SVIDRequest, X509SVIDResponse> {

    private volatile @Nullable ClientCallStreamObserver<X509SVIDRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<X509SVIDRequest> started) {
      call = started;
    }

    @Override
    public void onNext(X509SVIDResponse response) {
      take(response);
    }

    @Override
    public void onError(Throwable failure) {
      again(StatusCodes.toException(failure).getMessage());
    }

    @Override
    public void onCompleted() {
      again("stream ended by the agent");
    }

    void cancel() {
      ClientCallStreamObserver<X509SVIDRequest> open = call;
      if (open != null) {
        open.cancel("closed", null);
      }
    }
  }
}
