package io.vl3.vpp.behaviour;

import static io.vl3.vpp.behaviour.Items.NAME;
import static io.vl3.vpp.behaviour.Items.loopback;
import static io.vl3.vpp.behaviour.Items.memif;
import static io.vl3.vpp.behaviour.Items.memifBuilder;
import static io.vl3.vpp.behaviour.Items.natGlobal;
import static io.vl3.vpp.behaviour.Items.natInside;
import static io.vl3.vpp.behaviour.Items.natPool;
import static io.vl3.vpp.behaviour.Items.portForward;
import static io.vl3.vpp.behaviour.Items.route;
import static io.vl3.vpp.behaviour.Items.routeBuilder;
import static io.vl3.vpp.behaviour.Items.unnumbered;
import static io.vl3.vpp.behaviour.Items.vrf;

import io.vl3.api.ligato.vpp.ConfigData;
import io.vl3.api.ligato.vpp.interfaces.Interface;
import io.vl3.vpp.behaviour.Agent.Lever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Something that happens to an agent that holds nothing of ours at the beginning.
 *
 * @param name what it shows; also the name of the transcript's file
 * @param needs the levers it pulls
 */
record Scenario(String name, Set<Lever> needs, UnaryOperator<Transcript> steps) {

  private static final String A = "vl3";
  private static final String B = "other";
  private static final ConfigData LINK = memif(1, "198.18.0.2/30");
  private static final ConfigData SECOND = memif(2, "198.18.0.6/30");
  private static final ConfigData THIRD = memif(3, "198.18.0.10/30");
  private static final ConfigData ROUTE = route("198.19.1.0/24", "198.18.0.1", 1);
  private static final Duration SHORT = Duration.ofSeconds(2);

  static final List<Scenario> ALL =
      List.of(
          of(
              "a-route-waits-for-its-interface",
              t ->
                  t.update(A, ROUTE)
                      .update(A, LINK)
                      .delete(A, LINK)
                      .update(A, LINK)
                      .delete(A, LINK, ROUTE)),
          of(
              "wait-done-waits-for-what-is-pending",
              t -> t.updateWaiting(A, SHORT, ROUTE).updateWaiting(A, SHORT, LINK)),
          of(
              "a-key-twice-refuses-the-whole-request",
              t ->
                  t.update(A, LINK, SECOND, LINK)
                      .update(A, ROUTE, of("198.19.1.0/24", 5))
                      .update(A, LINK)
                      .delete(A, LINK, LINK)
                      .delete(A, LINK)),
          of(
              "a-refused-value-leaves-the-others",
              t ->
                  t.update(A, LINK, route("198.19.1.5/24", "198.18.0.1", 1), SECOND)
                      .update(A, THIRD)
                      .update(A, route("198.19.1.0/24", "198.18.0.1", 1))),
          of("an-address-without-length", t -> t.update(A, memif(1, "198.18.0.2")).update(A, LINK)),
          of(
              "a-name-of-64-characters",
              t ->
                  t.update(A, Items.of(memifBuilder(1).setName(NAME + "x".repeat(60))), SECOND)
                      .update(A, Items.of(memifBuilder(1).setName(NAME + "x".repeat(59))))),
          of(
              "unnumbered-with-an-address-over-a-good-one",
              t -> {
                var bad = memifBuilder(1, "198.18.0.2/30");
                bad.getUnnumberedBuilder().setInterfaceWithIp(NAME + "loop");
                return t.update(A, LINK, ROUTE)
                    .update(A, Items.of(bad))
                    .update(A, LINK)
                    .delete(A, LINK)
                    .update(A, LINK);
              }),
          of(
              "unnumbered-waits-for-an-address",
              t ->
                  t.update(A, unnumbered(1, "loop"), ROUTE)
                      .update(A, loopback("loop"))
                      .update(A, loopback("loop", "198.18.0.1/32"))
                      .delete(A, loopback("loop"))),
          of(
              "sent-again-and-changed-in-place",
              t ->
                  t.update(A, LINK, ROUTE)
                      .update(A, LINK, ROUTE)
                      .update(A, Items.of(memifBuilder(1, "198.18.0.2/30").setMtu(1400)))
                      .update(A, memif(1, "198.18.0.14/30", "2001:db8::2/64"))
                      .update(
                          A,
                          Items.of(routeBuilder("198.19.1.0/24", "198.18.0.1", 1).setPreference(5)))
                      .update(A, Items.of(socket(1, "/run/vpp/" + NAME + "9.sock")))),
          of(
              "changed-in-vpp-behind-the-agent",
              t ->
                  t.update(A, LINK, ROUTE)
                      .down(NAME + "1")
                      .update(A, LINK)
                      .update(A, Items.of(memifBuilder(1, "198.18.0.2/30").setMtu(1400)))
                      .delete(A, LINK)
                      .update(A, LINK),
              Lever.FOREIGN),
          of(
              "addresses-wait-for-the-vrf-table",
              t ->
                  t.update(A, Items.of(memifBuilder(1, "198.18.0.2/30").setVrf(77)))
                      .update(A, vrf(77))
                      .update(
                          A, Items.of(routeBuilder("198.19.1.0/24", "198.18.0.1", 1).setVrfId(77)))
                      .delete(A, vrf(77))),
          of(
              "deleting-what-nobody-told",
              t -> t.foreign(NAME + "foreign").delete(A, loopback("foreign")).fullResync(A),
              Lever.FOREIGN,
              Lever.WIPE),
          of("deleting-what-is-not-there", t -> t.delete(A, LINK, ROUTE).update(A)),
          of(
              "two-sources-one-vpp",
              t ->
                  t.update(A, LINK)
                      .update(B, SECOND)
                      .update(B, Items.of(memifBuilder(1, "198.18.0.2/30").setMtu(1400)))
                      .delete(B, LINK)
                      .delete(A, SECOND)
                      .update(A, LINK)),
          of(
              "nat-waits-for-its-parts",
              t ->
                  t.update(A, natInside(1), natPool("198.18.7.1"), forward())
                      .update(A, LINK)
                      .update(A, natGlobal())
                      .delete(A, LINK)
                      .delete(A, natGlobal())),
          of(
              "vpp-refuses-one-of-two",
              t ->
                  t.refuse(NAME + "1")
                      .update(A, LINK, SECOND, ROUTE)
                      .heal()
                      .update(A, SECOND)
                      .update(A, LINK),
              Lever.REFUSE),
          of(
              "vpp-refuses-two",
              t -> t.refuse(NAME + "1").refuse(NAME + "2").update(A, LINK, SECOND, THIRD),
              Lever.REFUSE),
          of(
              "vpp-refuses-an-address",
              t -> t.refuse("198.18.0.2/30").update(A, LINK, ROUTE).heal().update(A, LINK),
              Lever.REFUSE),
          of(
              "vpp-refuses-a-change",
              t ->
                  t.update(A, LINK, ROUTE)
                      .refuse(NAME + "1")
                      .update(A, Items.of(socket(1, "/run/vpp/" + NAME + "9.sock")))
                      .heal()
                      .update(A, LINK),
              Lever.REFUSE),
          of(
              "vpp-refuses-a-removal",
              t ->
                  t.update(A, LINK, SECOND)
                      .hold(NAME + "1")
                      .delete(A, LINK, SECOND)
                      .heal()
                      .delete(A, LINK),
              Lever.REFUSE),
          of(
              "full-resync-deletes-what-nobody-pushed",
              t ->
                  t.update(A, LINK, ROUTE)
                      .update(B, SECOND)
                      .foreign(NAME + "foreign")
                      .fullResync(A, THIRD),
              Lever.FOREIGN,
              Lever.WIPE),
          of(
              "restart-empties-vpp",
              t ->
                  t.update(A, LINK)
                      .update(B, SECOND)
                      .foreign(NAME + "foreign")
                      .restart()
                      .update(A, LINK),
              Lever.FOREIGN,
              Lever.RESTART,
              Lever.WIPE));

  /** Everything that any scenario makes; deleting it ends each. */
  static ConfigData leavings() {
    return Items.all(
        LINK,
        SECOND,
        THIRD,
        Items.of(memifBuilder(1).setName(NAME + "x".repeat(60))),
        Items.of(memifBuilder(1).setName(NAME + "x".repeat(59))),
        loopback("loop"),
        loopback("foreign"),
        ROUTE,
        Items.of(routeBuilder("198.19.1.0/24", "198.18.0.1", 1).setVrfId(77)),
        vrf(77),
        natGlobal(),
        natInside(1),
        natPool("198.18.7.1"),
        forward());
  }

  /** The transcript of the scenario on an agent. */
  String play(Agent agent) {
    Transcript transcript = new Transcript(agent);
    try {
      return steps.apply(transcript).toString();
    } finally {
      agent.heal();
      List.of(A, B).forEach(source -> new Transcript(agent).clear(source, leavings()));
    }
  }

  /** The transcript's file, relative to the module. */
  Path file() {
    return Path.of("src/test/resources/behaviour", name + ".txt");
  }

  String expected() throws IOException {
    return Files.readString(file());
  }

  @Override
  public String toString() {
    return name;
  }

  private static Scenario of(String name, UnaryOperator<Transcript> steps, Lever... needs) {
    EnumSet<Lever> levers = EnumSet.noneOf(Lever.class);
    levers.addAll(List.of(needs));
    return new Scenario(name, levers, steps);
  }

  private static ConfigData of(String destination, int preference) {
    return Items.of(routeBuilder(destination, "198.18.0.1", 1).setPreference(preference));
  }

  private static Interface.Builder socket(int number, String file) {
    var memif = memifBuilder(number, "198.18.0.2/30");
    memif.getMemifBuilder().setSocketFilename(file);
    return memif;
  }

  private static ConfigData forward() {
    return portForward("web", "198.18.7.1", 8080, "198.18.0.1");
  }
}
