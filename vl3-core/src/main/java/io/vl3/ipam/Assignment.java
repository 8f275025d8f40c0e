package io.vl3.ipam;

import io.vl3.connection.ExtraPrefixRequest;
import io.vl3.connection.IpContext;
import io.vl3.failure.EndpointException;
import io.vl3.failure.Reason;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import io.vl3.net.PrefixSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Works out one connection's grant: keeps what it has if that still holds, takes what it asks for
 * again if that is free, and else the lowest. Single use.
 */
final class Assignment {

  /** Bounds what one request can make us do. */
  private static final int MAX_EXTRA_PREFIXES = 256;

  private final AddressBook book;
  private final AddressingMode mode;
  private final List<IpPrefix> own;
  private final List<OwnPrefix> places;
  private final Grant before;
  private final IpContext asked;
  private final PrefixSet excluded;
  private final Consumer<IpPrefix> acquired;

  /**
   * An assignment.
   *
   * @param before what the connection has already
   * @param asked the request's addresses, ours or none
   * @param acquired notified of each part as soon as it is taken
   */
  Assignment(
      AddressBook book,
      AddressingMode mode,
      List<OwnPrefix> places,
      Grant before,
      IpContext asked,
      Consumer<IpPrefix> acquired) {
    this.book = book;
    this.mode = mode;
    this.own = places.stream().map(OwnPrefix::prefix).toList();
    this.places = places;
    this.before = before;
    this.asked = asked;
    this.excluded = PrefixSet.of(asked.excludedPrefixes());
    this.acquired = acquired;
  }

  Grant assign() throws EndpointException {
    List<Share> shares = new ArrayList<>();
    Set<IpFamily> done = EnumSet.noneOf(IpFamily.class);
    for (IpPrefix prefix : own) {
      if (done.add(prefix.family())) {
        shares.add(share(prefix.family()));
      }
    }
    return new Grant(shares, extras());
  }

  private Share share(IpFamily family) throws EndpointException {
    Optional<Share> kept =
        before.shares().stream()
            .filter(share -> share.family() == family && own.contains(share.own()))
            .filter(share -> share.clearOf(excluded))
            .findFirst();
    return kept.or(() -> again(family))
        .or(() -> lowest(family))
        .orElseThrow(() -> exhausted(mode.blockLength(family), family));
  }

  /** The address that the request carries from an earlier life of ours, if it is still free. */
  private Optional<Share> again(IpFamily family) {
    for (InterfaceAddress address : asked.clientAddresses()) {
      for (OwnPrefix at : places(family)) {
        Optional<Share> share = again(at, address.address());
        if (share.isPresent() && take(share.get().block())) {
          return share;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Share> again(OwnPrefix at, IpAddress client) {
    int length = mode.blockLength(client.family());
    if (!isOpen(at) || !at.prefix().contains(client) || at.prefix().length() > length) {
      return Optional.empty();
    }
    IpPrefix block = IpPrefix.containing(client, length);
    return mode.reserved(at).overlaps(block)
        ? Optional.empty()
        : Optional.of(mode.share(at, block))
            .filter(share -> share.client().address().equals(client) && share.clearOf(excluded));
  }

  private Optional<Share> lowest(IpFamily family) {
    for (OwnPrefix at : places(family)) {
      if (isOpen(at)) {
        Optional<IpPrefix> block =
            lowest(mode.blockLength(family), at.prefix(), excluded.union(mode.reserved(at)));
        if (block.isPresent()) {
          return block.map(taken -> mode.share(at, taken));
        }
      }
    }
    return Optional.empty();
  }

  /** The endpoint's own address must not lie in the exclusions either, where it shows it. */
  private boolean isOpen(OwnPrefix at) {
    return mode != AddressingMode.UNNUMBERED
        || at.address().filter(own -> !excluded.contains(own)).isPresent();
  }

  private List<IpPrefix> extras() throws EndpointException {
    checkExtraRequests();
    Set<IpPrefix> earlier = new LinkedHashSet<>(before.extras());
    Set<IpPrefix> granted = new LinkedHashSet<>();
    for (ExtraPrefixRequest request : asked.extraPrefixRequests()) {
      int wanted = Math.max(request.required(), request.requested());
      for (int count = 0; count < wanted; count++) {
        Optional<IpPrefix> extra = extra(request, earlier, granted);
        if (extra.isEmpty() && count < request.required()) {
          throw exhausted(request.length(), request.family());
        }
        extra.ifPresent(granted::add);
      }
    }
    return List.copyOf(granted);
  }

  private Optional<IpPrefix> extra(
      ExtraPrefixRequest request, Set<IpPrefix> earlier, Set<IpPrefix> granted) {
    Optional<IpPrefix> kept =
        earlier.stream()
            .filter(extra -> fits(extra, request) && !granted.contains(extra))
            .findFirst();
    return kept.or(() -> extraAgain(request)).or(() -> lowestExtra(request));
  }

  private Optional<IpPrefix> extraAgain(ExtraPrefixRequest request) {
    return asked.extraPrefixes().stream()
        .filter(extra -> fits(extra, request) && !ends(extra) && take(extra))
        .findFirst();
  }

  private Optional<IpPrefix> lowestExtra(ExtraPrefixRequest request) {
    for (OwnPrefix at : places(request.family())) {
      Optional<IpPrefix> block = lowest(request.length(), at.prefix(), excluded.union(at.ends()));
      if (block.isPresent()) {
        return block;
      }
    }
    return Optional.empty();
  }

  /** Whether an extra prefix is as asked, ours, and outside the exclusions. */
  private boolean fits(IpPrefix extra, ExtraPrefixRequest request) {
    return extra.family() == request.family()
        && extra.length() == request.length()
        && own.stream().anyMatch(prefix -> prefix.contains(extra))
        && !excluded.overlaps(extra);
  }

  /** Whether it holds our own or a last address: the own one is shown to peers. */
  private boolean ends(IpPrefix extra) {
    return places(extra.family()).stream().anyMatch(at -> at.ends().overlaps(extra));
  }

  private Optional<IpPrefix> lowest(int length, IpPrefix within, PrefixSet avoiding) {
    Optional<IpPrefix> block = book.allocate(length, within, avoiding);
    block.ifPresent(acquired);
    return block;
  }

  private boolean take(IpPrefix block) {
    boolean taken = book.allocate(block);
    if (taken) {
      acquired.accept(block);
    }
    return taken;
  }

  private void checkExtraRequests() throws EndpointException {
    long total = 0;
    for (ExtraPrefixRequest request : asked.extraPrefixRequests()) {
      int bits = request.family().bits();
      if (request.length() < 0 || request.length() > bits) {
        throw invalid("length", request.length(), "0..%d for %s".formatted(bits, request.family()));
      }
      if (request.required() < 0 || request.requested() < 0) {
        throw invalid("number", Math.min(request.required(), request.requested()), "0 or more");
      }
      total += Math.max(request.required(), request.requested());
    }
    if (total > MAX_EXTRA_PREFIXES) {
      throw invalid("number", total, "0..%d in all".formatted(MAX_EXTRA_PREFIXES));
    }
  }

  private static EndpointException invalid(String what, long value, String expected) {
    return new EndpointException(
        Reason.INVALID,
        "connection.context.ip.extraPrefixRequests: %s %d (expected: %s)"
            .formatted(what, value, expected));
  }

  private EndpointException exhausted(int length, IpFamily family) {
    return new EndpointException(
        Reason.EXHAUSTED,
        "addresses: no /%d left in %s (expected: a free one%s)"
            .formatted(
                length,
                own(family).isEmpty() ? "any " + family + " prefix" : own(family),
                excluded.isEmpty() ? "" : " outside the excluded " + excluded));
  }

  private List<OwnPrefix> places(IpFamily family) {
    return places.stream().filter(at -> at.prefix().family() == family).toList();
  }

  private List<IpPrefix> own(IpFamily family) {
    return own.stream().filter(prefix -> prefix.family() == family).toList();
  }
}
