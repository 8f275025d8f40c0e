package io.vl3.vpp.behaviour;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.time.FakeTimer;
import io.vl3.vpp.VppDataPlane;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.internal.OwnerNames;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * What links were asked of a data plane over an agent, what came of them, and what the agent held.
 */
final class LinkTranscript implements AutoCloseable {

  static final String OWNER = "behaviour";
  static final OwnerNames NAMES = new OwnerNames(OWNER);

  private final Agent agent;
  private final VppSettings settings;
  private final FakeTimer timer = new FakeTimer();
  private final Transcript transcript;
  private VppDataPlane plane;

  LinkTranscript(Agent agent, VppSettings settings) {
    this.agent = agent;
    this.settings = settings;
    this.transcript = new Transcript(agent);
    this.plane = open();
  }

  /** Links shall be, all in one batch. */
  LinkTranscript put(Link... links) {
    List<LinkChange> changes = Stream.of(links).<LinkChange>map(LinkChange.Put::new).toList();
    return apply("put", changes);
  }

  /** Links shall not be. */
  LinkTranscript remove(Link... links) {
    List<LinkChange> changes =
        Stream.of(links).<LinkChange>map(link -> new LinkChange.Remove(link.key())).toList();
    return apply("remove", changes);
  }

  LinkTranscript refuse(Link link) {
    return refuse(NAMES.interfaceName(link.key(), link.title()));
  }

  LinkTranscript refuse(String name) {
    transcript.refuse(name);
    return this;
  }

  LinkTranscript heal() {
    transcript.heal();
    return this;
  }

  /** Somebody takes the link's interface down in VPP; the data plane looks. */
  LinkTranscript down(Link link) {
    transcript.down(NAMES.interfaceName(link.key(), link.title()));
    return look();
  }

  /** The agent restarts; the data plane looks again. */
  LinkTranscript restart() {
    transcript.restart();
    return look();
  }

  /** Compares what the agent holds with what is wanted, and mends. */
  LinkTranscript look() {
    List<String> found = plane.observe().stream().map(LinkKey::value).sorted().toList();
    transcript.step("look", List.of(), "found " + found);
    return this;
  }

  /** The process is killed; another begins, and wants nothing yet. */
  LinkTranscript anotherLife() {
    plane.close();
    transcript.step("another life", List.of(), "begins");
    plane = open();
    return this;
  }

  /** Removes what an earlier life has left. */
  LinkTranscript removeLeftovers() {
    List<LinkChange> changes =
        plane.observe().stream().<LinkChange>map(LinkChange.Remove::new).toList();
    return apply("remove leftovers", changes);
  }

  @Override
  public String toString() {
    return transcript.toString();
  }

  /** Leaves nothing behind. */
  @Override
  public void close() {
    agent.heal();
    plane.close();
    plane = open();
    plane.apply(plane.observe().stream().<LinkChange>map(LinkChange.Remove::new).toList());
    plane.close();
  }

  private LinkTranscript apply(String verb, List<LinkChange> changes) {
    List<String> what = changes.stream().map(change -> change.key().value()).toList();
    List<String> outcomes = plane.apply(changes).stream().map(LinkTranscript::text).toList();
    transcript.step(verb, what, String.join(", ", outcomes));
    return this;
  }

  /** Without the words, which name the agent. */
  private static String text(LinkOutcome outcome) {
    if (outcome instanceof LinkOutcome.Applied applied) {
      return applied.changed() ? "applied" : "nothing to do";
    }
    return String.valueOf(((LinkOutcome.Failed) outcome).reason());
  }

  /** One that does nothing by itself, at no time that a transcript could tell. */
  private VppDataPlane open() {
    return VppDataPlane.of(
        agent.channel(),
        "agent",
        settings,
        timer,
        byItself -> {},
        RandomGenerator.of("L64X128MixRandom"));
  }
}
