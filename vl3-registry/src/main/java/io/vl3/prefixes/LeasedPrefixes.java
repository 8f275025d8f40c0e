package io.vl3.prefixes;

import io.grpc.stub.StreamObserver;
import io.vl3.api.ippool.AllocatorGrpc;
import io.vl3.api.ippool.Empty;
import io.vl3.api.ippool.IpFamily;
import io.vl3.api.ippool.Subnet;
import io.vl3.api.ippool.SubnetRequest;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.grpc.internal.StatusCodes;
import io.vl3.net.IpPrefix;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prefixes in the original's API ({@code ippool.Allocator}): leased for hours to who says its name.
 * Who asks again, as after a restart, gets the one that it has.
 */
final class LeasedPrefixes extends AllocatorGrpc.AllocatorImplBase {

  private static final Logger LOG = LoggerFactory.getLogger(LeasedPrefixes.class);

  private final CentralPrefixes.Settings settings;
  private final PrefixLedger ledger;

  LeasedPrefixes(CentralPrefixes.Settings settings, PrefixLedger ledger) {
    this.settings = settings;
    this.ledger = ledger;
  }

  @Override
  public void allocateSubnet(SubnetRequest request, StreamObserver<Subnet> observer) {
    Subnet.Builder answer = Subnet.newBuilder().setIdentifier(request.getIdentifier());
    try {
      checkFamily(request.getAddrFamily());
      Lessee lessee = Lessee.of(request.getIdentifier());
      answer(ledger.lease(lessee, length(request.getPrefixLen())), lessee, answer, observer);
    } catch (EndpointException refused) {
      observer.onError(StatusCodes.toStatus(refused).asRuntimeException());
    }
  }

  @Override
  public void renewSubnetLease(Subnet subnet, StreamObserver<Subnet> observer) {
    Subnet.Builder answer = Subnet.newBuilder().setIdentifier(subnet.getIdentifier());
    try {
      Lessee lessee = Lessee.of(subnet.getIdentifier());
      answer(ledger.renew(lessee, prefix(subnet)), lessee, answer, observer);
    } catch (EndpointException refused) {
      observer.onError(StatusCodes.toStatus(refused).asRuntimeException());
    }
  }

  @Override
  public void freeSubnet(Subnet subnet, StreamObserver<Empty> observer) {
    try {
      ledger.end(Lessee.of(subnet.getIdentifier()), prefix(subnet));
    } catch (EndpointException refused) {
      observer.onError(StatusCodes.toStatus(refused).asRuntimeException());
      return;
    }
    observer.onNext(Empty.getDefaultInstance());
    observer.onCompleted();
  }

  private void answer(
      CompletionStage<IpPrefix> leased,
      Lessee lessee,
      Subnet.Builder answer,
      StreamObserver<Subnet> observer) {
    leased.whenComplete(
        (prefix, failure) -> {
          if (failure != null) {
            observer.onError(
                StatusCodes.toStatus(EndpointException.of(failure)).asRuntimeException());
            return;
          }
          LOG.info("{} is leased to {}", prefix, lessee.name());
          observer.onNext(
              answer
                  .setPrefix(
                      io.vl3.api.ippool.IpPrefix.newBuilder()
                          .setAddrFamily(family())
                          .setSubnet(prefix.toString()))
                  .setLeaseTimeout((int) settings.lease().toHours())
                  .build());
          observer.onCompleted();
        });
  }

  private void checkFamily(IpFamily asked) throws EndpointException {
    if (!asked.equals(family())) {
      throw new EndpointException(
          Reason.INVALID,
          "addr_family: %s (expected: %s, as the pool %s)"
              .formatted(asked.getFamily(), family().getFamily(), settings.pool()));
    }
  }

  private IpFamily family() {
    return IpFamily.newBuilder()
        .setFamily(
            settings.pool().family() == io.vl3.net.IpFamily.IPV4
                ? IpFamily.Family.IPV4
                : IpFamily.Family.IPV6)
        .build();
  }

  /** Zero is for who has no wish. */
  private int length(int asked) throws EndpointException {
    int length = asked == 0 ? settings.prefixLength() : asked;
    int most = settings.pool().family().bits();
    if (length < settings.pool().length() || length > most) {
      throw new EndpointException(
          Reason.INVALID,
          "prefix_len: %d (expected: %d..%d)".formatted(asked, settings.pool().length(), most));
    }
    return length;
  }

  private static IpPrefix prefix(Subnet subnet) throws EndpointException {
    try {
      return IpPrefix.parseLenient(subnet.getPrefix().getSubnet());
    } catch (IllegalArgumentException invalid) {
      throw new EndpointException(Reason.INVALID, String.valueOf(invalid.getMessage()), invalid);
    }
  }
}
