package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;
import static io.vl3.linux.Links.link;

import io.vl3.dataplane.LinkChange.Put;
import io.vl3.net.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program for {@link UserNamespaceTest}: two workloads, a router, a ping. */
final class UserNamespaceProbe {

  private UserNamespaceProbe() {}

  public static void main(String[] args) throws Exception {
    Netns.createAll(List.of("a", "b", "n"));
    Netns nse = Netns.named("n");
    try (Router router = Router.prepare(nse);
        KernelDataPlane plane =
            new KernelDataPlane("u", Path.of("/run/vl3/links"), Netns.ofProcess(), Netns::locate)) {
      plane.apply(
          List.of(put("a", nse, "10.0.0.1", "10.0.0.2"), put("b", nse, "10.0.0.5", "10.0.0.6")));
      IpAddress target = IpAddress.parse("10.0.0.5");
      boolean alive =
          router.observe().forwarding()
              && new IcmpProbe().alive(Netns.named("a").url(), target, Duration.ofSeconds(60));
      System.out.println("alive " + alive);
    }
  }

  private static Put put(String name, Netns nse, String own, String hop) {
    return new Put(
        link(
            name,
            end(at(Netns.named(name), "nsm0"), own + "/30", "@" + hop, ">10.0.0.0/16"),
            end(at(nse, "w-" + name), hop + "/30", "@" + own)));
  }
}
