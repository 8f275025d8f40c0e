package io.vl3.vpp.behaviour;

import io.vl3.connection.Route;
import io.vl3.dataplane.Attachment;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.PortForward;
import io.vl3.dataplane.Translation;
import io.vl3.net.InterfaceAddress;
import io.vl3.net.IpAddress;
import io.vl3.net.IpPrefix;
import io.vl3.vpp.VppSettings;
import io.vl3.vpp.behaviour.Agent.Lever;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Something that a data plane over an agent is asked for, from an agent that holds nothing of ours.
 *
 * @param name what it shows; also the name of the transcript's file
 * @param needs the levers it pulls
 */
record LinkScenario(
    String name, Set<Lever> needs, VppSettings settings, UnaryOperator<LinkTranscript> steps) {

  private static final VppSettings PLAIN = VppSettings.of(LinkTranscript.OWNER);
  private static final Link WEB = link("web", 1, "198.18.0.2/30", "198.18.0.1");
  private static final Link API = link("api", 2, "198.18.0.6/30", "198.18.0.5");
  private static final Link DB = link("db", 3, "198.18.0.10/30", "198.18.0.9");
  private static final Link LATER = link("later", 3, "198.18.0.10/30", "198.18.0.9");
  private static final Link EAST = link("east", 4, "198.18.1.0/32", "198.18.2.0");
  private static final Link WEST = link("west", 5, "198.18.1.0/32", "198.18.3.0");
  private static final Link DUAL =
      link("dual", 6, "198.18.0.14/30", "198.18.0.13", "2001:db8::2/126", "2001:db8::1");

  static final List<LinkScenario> ALL =
      List.of(
          of(
              "a-link-comes-changes-and-goes",
              PLAIN,
              t ->
                  t.put(WEB)
                      .put(WEB)
                      .put(with(WEB, "198.19.9.0/24", "198.18.0.1"))
                      .put(WEB)
                      .remove(WEB)
                      .remove(WEB)),
          of(
              "links-with-the-same-address-share-a-loopback",
              PLAIN,
              t -> t.put(EAST, WEST).remove(EAST).remove(WEST)),
          of("both-families", PLAIN, t -> t.put(DUAL).remove(DUAL)),
          of("a-table-of-its-own", PLAIN.withVrf(77), t -> t.put(DUAL, EAST).remove(DUAL, EAST)),
          of(
              "inside-a-translation",
              PLAIN.withNatAddress(IpAddress.parse("198.18.7.1")),
              t -> t.put(inside(WEB, 8080), API).remove(WEB).remove(API)),
          of(
              "a-port-goes-from-one-link-to-another",
              PLAIN.withNatAddress(IpAddress.parse("198.18.7.1")),
              t -> t.put(inside(WEB, 8080), API).put(inside(API, 8080), inside(WEB))),
          of(
              "two-links-exchange-ports",
              PLAIN.withNatAddress(IpAddress.parse("198.18.7.1")),
              t ->
                  t.put(inside(WEB, 8080), inside(API, 8081))
                      .put(inside(API, 8080), inside(WEB, 8081))),
          of(
              "a-link-is-taken-down-in-vpp",
              PLAIN,
              t -> t.put(WEB, API).down(WEB).put(WEB),
              Lever.FOREIGN),
          of(
              "another-life-finds-what-was-left",
              PLAIN,
              t -> t.put(WEB, EAST).anotherLife().look().put(WEB).removeLeftovers()),
          of(
              "one-bad-link-among-three",
              PLAIN,
              t -> t.refuse(API).put(WEB, API, DB).heal().put(API),
              Lever.REFUSE),
          of(
              "an-address-that-vpp-refuses",
              PLAIN,
              t -> t.refuse("198.18.0.2/32").put(WEB, API).heal().put(WEB),
              Lever.REFUSE),
          of(
              "the-agent-restarts",
              PLAIN,
              t -> t.put(WEB, EAST).restart().remove(WEB),
              Lever.RESTART,
              Lever.WIPE),
          of(
              "the-agent-restarts-between-two-lives",
              PLAIN,
              t -> t.put(WEB, API, DB).anotherLife().restart().put(LATER),
              Lever.RESTART,
              Lever.WIPE));

  /** The transcript of the scenario on an agent. */
  String play(Agent agent) {
    try (LinkTranscript transcript = new LinkTranscript(agent, settings)) {
      return steps.apply(transcript).toString();
    }
  }

  /** The transcript's file, relative to the module. */
  Path file() {
    return Path.of("src/test/resources/behaviour/links", name + ".txt");
  }

  String expected() throws IOException {
    return Files.readString(file());
  }

  @Override
  public String toString() {
    return name;
  }

  private static LinkScenario of(
      String name, VppSettings settings, UnaryOperator<LinkTranscript> steps, Lever... needs) {
    return new LinkScenario(name, Set.of(needs), settings, steps);
  }

  /** A link whose end here has addresses, each with the other side's after it. */
  private static Link link(String name, int number, String... addresses) {
    List<InterfaceAddress> own = new ArrayList<>();
    List<IpAddress> neighbours = new ArrayList<>();
    for (int i = 0; i < addresses.length; i += 2) {
      own.add(InterfaceAddress.parse(addresses[i]));
      neighbours.add(IpAddress.parse(addresses[i + 1]));
    }
    Attachment memif =
        new Attachment.Memif("/run/vpp/" + Items.NAME + number + ".sock", true, false);
    List<Route> routes =
        List.of(
            new Route(
                IpPrefix.parse("198.19.%d.0/24".formatted(number)),
                Optional.of(neighbours.get(0))));
    return new Link(
        new LinkKey(name),
        name,
        LinkEnd.bare(new Attachment.Elsewhere()),
        new LinkEnd(memif, own, routes, neighbours),
        0);
  }

  private static Link with(Link link, String destination, String nextHop) {
    LinkEnd end = link.endpoint();
    List<Route> routes = new ArrayList<>(end.routes());
    routes.add(new Route(IpPrefix.parse(destination), Optional.of(IpAddress.parse(nextHop))));
    return new Link(
        link.key(),
        link.title(),
        link.client(),
        new LinkEnd(end.attachment(), end.addresses(), routes, end.neighbours()),
        0);
  }

  private static Link inside(Link link, int... ports) {
    IpAddress client = link.endpoint().neighbours().get(0);
    List<PortForward> forwards =
        IntStream.of(ports)
            .mapToObj(port -> new PortForward(PortForward.Transport.TCP, port, client))
            .toList();
    return new Link(
        link.key(),
        link.title(),
        link.client(),
        link.endpoint(),
        0,
        Optional.of(new Translation(forwards)));
  }
}
