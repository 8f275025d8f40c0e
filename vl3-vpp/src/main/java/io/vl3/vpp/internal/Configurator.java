package io.vl3.vpp.internal;

import io.vl3.links.InstalledLinks;
import io.vl3.vpp.VppSettings;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A way to VPP: through an agent, or VPP's own API. It brings objects to be as they are wanted, and
 * shows which there are.
 *
 * <p>Used by one at a time, but for {@link #subject} and {@link #hurry}. Calls block, each for a
 * bounded time.
 */
public interface Configurator {

  /** Its partner and where that is, for messages: {@code vpp-agent at localhost:9113}. */
  String subject();

  /** Ends the pause before the next try to connect. */
  void hurry();

  /**
   * Finds out whether what the settings need is there.
   *
   * @throws VppException UNFIT if it is not; else if there is no answer
   */
  void check(VppSettings settings) throws VppException;

  /** Why what was seen cannot serve these settings; empty if it can. */
  default Optional<String> objection(VppView view, VppSettings settings) {
    return Optional.empty();
  }

  /** Whether an interface that carries packets without frames can be told an MTU. */
  default boolean setsMtuOfPackets() {
    return false;
  }

  /** Calls back, from a thread that must not be blocked, when something is not as it was left. */
  default void onSurprise(Runnable listener) {}

  /**
   * Interfaces that had somebody at their other end, and have not now, as far as is known. May be
   * asked at any time.
   */
  default Set<String> cutOff() {
    return Set.of();
  }

  /** Whether each look has VPP try to reach who was at the other end of a link. */
  default boolean seeksOtherEnds() {
    return false;
  }

  /** The process of VPP that was connected to last, by VPP's own word; empty if it is not told. */
  default OptionalLong process() {
    return OptionalLong.empty();
  }

  /**
   * What interfaces of ours carry, by their names, as the last {@link #read} found them and by now;
   * empty where that cannot be seen.
   */
  default Map<String, Traffic> traffic() throws VppException {
    return Map.of();
  }

  /**
   * What an interface carries.
   *
   * @param linkUp whether somebody is at its other end
   * @param counters what has passed since it was made
   */
  record Traffic(boolean linkUp, InstalledLinks.Counters counters) {}

  /** Lets go of what it opened itself; idempotent. */
  default void close() {}

  /**
   * The objects shall be so.
   *
   * @throws VppException REFUSED if one is not; others may be
   */
  void update(Collection<Item> items) throws VppException;

  /** The objects shall not be; no error if they are not. */
  void delete(Collection<Item> items) throws VppException;

  /** Reads the configuration that anybody has set, and the state that runs. */
  VppView read() throws VppException;

  /**
   * Begins to read while this goes on being used: what is sent meanwhile is noted. Empty if only
   * {@link #read()} can read.
   */
  default Optional<Reading> begin() {
    return Optional.empty();
  }

  /** As {@link #read()}, of what a read found that has begun here and has run. */
  default VppView read(Reading reading) throws VppException {
    return read();
  }

  /**
   * Whether a read that has begun here and has run found what the last view shows, with what was
   * sent since. If so, that is what there is; if not, {@link #read(Reading)} tells what there is.
   *
   * @param last the view that the caller got last; if another was given since, the answer is no
   */
  default boolean confirms(Reading reading, VppView last) throws VppException {
    return false;
  }

  /** A read that has begun. */
  interface Reading {
    /** Reads; blocks, for a bounded time. Others may use the configurator meanwhile. */
    void run();
  }
}
