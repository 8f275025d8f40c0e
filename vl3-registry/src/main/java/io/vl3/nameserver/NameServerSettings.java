package io.vl3.nameserver;

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
 * @param forwarded how many questions are with peers at once; further ones fail
 * @param connections how many TCP connections there are at once; further ones are closed
 * @param connectionTimeout how long a TCP connection may take for its next question
 */
public record NameServerSettings(
    Optional<IpAddress> address,
    int port,
    int peerPort,
    Duration timeToLive,
    Duration negativeTimeToLive,
    Duration peerTimeout,
    int forwarded,
    int connections,
    Duration connectionTimeout) {

  /** The port of DNS. */
  public static final int DNS_PORT = 53;

  /** Names for 10 s, their absence for 2 s; 1.5 s for peers; 64 questions, 32 connections. */
  public static final NameServerSettings DEFAULT =
      new NameServerSettings(
          Optional.empty(),
          DNS_PORT,
          DNS_PORT,
          Duration.ofSeconds(10),
          Duration.ofSeconds(2),
          Duration.ofMillis(1500),
          64,
          32,
          Duration.ofSeconds(10));

  /** These settings at one address. */
  public NameServerSettings withAddress(IpAddress changed) {
    return new NameServerSettings(
        Optional.of(changed),
        port,
        peerPort,
        timeToLive,
        negativeTimeToLive,
        peerTimeout,
        forwarded,
        connections,
        connectionTimeout);
  }

  /** These settings with other ports. */
  public NameServerSettings withPorts(int own, int peers) {
    return new NameServerSettings(
        address,
        own,
        peers,
        timeToLive,
        negativeTimeToLive,
        peerTimeout,
        forwarded,
        connections,
        connectionTimeout);
  }

  /** These settings with another time for peers. */
  public NameServerSettings withPeerTimeout(Duration changed) {
    return new NameServerSettings(
        address,
        port,
        peerPort,
        timeToLive,
        negativeTimeToLive,
        changed,
        forwarded,
        connections,
        connectionTimeout);
  }

  /** These settings with other limits. */
  public NameServerSettings withLimits(int questions, int tcpConnections) {
    return new NameServerSettings(
        address,
        port,
        peerPort,
        timeToLive,
        negativeTimeToLive,
        peerTimeout,
        questions,
        tcpConnections,
        connectionTimeout);
  }
}
