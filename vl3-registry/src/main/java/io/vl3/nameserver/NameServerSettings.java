package io.vl3.nameserver;

import io.vl3.nameserver.internal.NameServer;
import io.vl3.net.IpAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How a {@link NameServer} behaves.
 *
 * @param address the only address that it listens at; empty: all of its place, those to come too.
 *     It then answers by the address that the kernel takes for the way back, which is the one that
 *     was asked where each link has but one address on our side
 * @param port where it listens; 0: any free one
 * @param peerPort where its peers' servers listen
 * @param timeToLive how long others may keep what they were answered; what a peer answers is cut
 *     down to it
 * @param negativeTimeToLive how long others may keep that there is nothing
 * @param peerTimeout how long peers have to answer, all side by side
 * @param foreignNames what it answers about names that are neither ours nor a peer's
 * @param limits what it takes on at once
 */
public record NameServerSettings(
    Optional<IpAddress> address,
    int port,
    int peerPort,
    Duration timeToLive,
    Duration negativeTimeToLive,
    Duration peerTimeout,
    ForeignNames foreignNames,
    Limits limits) {

  /** The port of DNS. */
  public static final int DNS_PORT = 53;

  /** Names for 10 s, their absence for 2 s; 1.5 s for peers; foreign names are refused. */
  public static final NameServerSettings DEFAULT =
      new NameServerSettings(
          Optional.empty(),
          DNS_PORT,
          DNS_PORT,
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofMillis(1500),
          ForeignNames.REFUSED,
          Limits.DEFAULT);

  /** The answer to a name outside of our domains that no peer is asked for. */
  public enum ForeignNames {
    /** That another server is to be asked: most resolvers with several servers do so. */
    REFUSED,
    /**
     * That it does not exist: for those who have no other server. A workload that has one may not
     * find names that only the other one knows.
     */
    NXDOMAIN
  }

  /**
   * What a name server takes on at once, in all and of one source: an address that asks.
   *
   * @param forwarded how many questions are with peers; further ones fail
   * @param forwardedOfOne the same of one source
   * @param connections how many TCP connections are open; one more takes the place of one that has
   *     waited longest for its question, or is closed
   * @param connectionsOfOne the same of one source
   * @param connectionTimeout how long a TCP connection may take for its next whole question, and
   *     for taking the whole answer
   */
  public record Limits(
      int forwarded,
      int forwardedOfOne,
      int connections,
      int connectionsOfOne,
      Duration connectionTimeout) {

    /** 64 questions, 32 of one; 32 connections, 8 of one; 10 s. */
    public static final Limits DEFAULT = new Limits(64, 32, 32, 8, Duration.ofSeconds(10));

    /** These limits for questions with peers. */
    public Limits withForwarded(int all, int ofOne) {
      return new Limits(all, ofOne, connections, connectionsOfOne, connectionTimeout);
    }

    /** These limits for connections. */
    public Limits withConnections(int all, int ofOne) {
      return new Limits(forwarded, forwardedOfOne, all, ofOne, connectionTimeout);
    }
  }

  /** These settings at one address. */
  public NameServerSettings withAddress(IpAddress changed) {
    return new NameServerSettings(
        Optional.of(changed),
        port,
        peerPort,
        timeToLive,
        negativeTimeToLive,
        peerTimeout,
        foreignNames,
        limits);
  }

  /** These settings with other ports. */
  public NameServerSettings withPorts(int own, int peers) {
    return new NameServerSettings(
        address, own, peers, timeToLive, negativeTimeToLive, peerTimeout, foreignNames, limits);
  }

  /** These settings with another time for peers. */
  public NameServerSettings withPeerTimeout(Duration changed) {
    return new NameServerSettings(
        address, port, peerPort, timeToLive, negativeTimeToLive, changed, foreignNames, limits);
  }

  /** These settings with another answer about foreign names. */
  public NameServerSettings withForeignNames(ForeignNames changed) {
    return new NameServerSettings(
        address, port, peerPort, timeToLive, negativeTimeToLive, peerTimeout, changed, limits);
  }

  /** These settings with other limits. */
  public NameServerSettings withLimits(Limits changed) {
    return new NameServerSettings(
        address,
        port,
        peerPort,
        timeToLive,
        negativeTimeToLive,
        peerTimeout,
        foreignNames,
        changed);
  }
}
