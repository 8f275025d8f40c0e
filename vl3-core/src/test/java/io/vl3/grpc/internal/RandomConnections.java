package io.vl3.grpc.internal;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionContext;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.ConnectionState;
import io.vl3.connection.DnsConfig;
import io.vl3.connection.ExtraPrefixRequest;
import io.vl3.connection.IpContext;
import io.vl3.connection.Mechanism;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import io.vl3.connection.Route;
import io.vl3.connection.Token;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpFamily;
import io.vl3.net.IpPrefix;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Connections with anything in them, the same for the same seed. */
final class RandomConnections {

  private final Random random;

  RandomConnections(long seed) {
    random = new Random(seed);
  }

  Connection next() {
    return new Connection(
        maybe(() -> new ConnectionId(text() + "x")),
        text(),
        text(),
        random.nextBoolean() ? Connection.PAYLOAD_IP : "ETHERNET",
        map(),
        maybe(() -> new Mechanism(text(), text(), map())),
        new ConnectionContext(
            ip(),
            list(() -> new DnsConfig(list(this::address), list(this::text))),
            random(9000),
            list(this::address)),
        path(),
        List.of(ConnectionState.values()).get(random(4)),
        Optional.empty());
  }

  private IpContext ip() {
    return new IpContext(
        list(this::interfaceAddress),
        list(this::interfaceAddress),
        list(this::route),
        list(this::route),
        list(this::prefix),
        list(() -> new ExtraPrefixRequest(IpFamily.IPV6, random(129), random(5), 5 + random(5))),
        list(this::prefix));
  }

  private Path path() {
    List<PathSegment> segments =
        list(() -> new PathSegment(text(), text(), maybe(this::token), map()));
    return new Path(segments.isEmpty() ? 0 : random(segments.size()), segments);
  }

  private Token token() {
    return new Token(text(), Instant.ofEpochSecond(random.nextInt(), random(1_000_000_000)));
  }

  private Route route() {
    IpPrefix destination = prefix();
    return random.nextBoolean()
        ? Route.to(destination)
        : Route.via(destination, destination.last());
  }

  private IpPrefix prefix() {
    return interfaceAddress().network();
  }

  private InterfaceAddress interfaceAddress() {
    IpAddress address = address();
    return new InterfaceAddress(address, random(address.family().bits() + 1));
  }

  private IpAddress address() {
    return random.nextBoolean()
        ? IpAddress.ipv4(random.nextInt())
        : IpAddress.ipv6(random.nextLong(), random.nextLong());
  }

  private Map<String, String> map() {
    Map<String, String> map = new TreeMap<>();
    list(this::text).forEach(key -> map.put(key, text()));
    return map;
  }

  private String text() {
    return random(4) == 0 ? "" : "tä" + random.nextInt();
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextBoolean() ? Optional.of(value.get()) : Optional.empty();
  }

  private <T> List<T> list(Supplier<T> value) {
    return Stream.generate(value).limit(random(4)).toList();
  }

  private int random(int bound) {
    return random.nextInt(bound);
  }
}
