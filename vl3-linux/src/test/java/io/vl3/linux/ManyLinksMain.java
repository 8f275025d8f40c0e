package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;
import static io.vl3.linux.Links.link;

import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkKey;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How long workloads' links take, so many in one batch, beside {@code ip -batch} that makes as many
 * bare veths and configures nothing. As root.
 */
public final class ManyLinksMain {

  private static final int[] COUNTS = {10, 100, 1_000, 3_000};
  private static final int WARM_UP = 100;

  private final KernelDataPlane plane;
  private final Netns nse;

  private ManyLinksMain(KernelDataPlane plane, Netns nse) {
    this.plane = plane;
    this.nse = nse;
  }

  /** Prints a table; the only argument is the most links, 1,000 unless given. */
  public static void main(String[] arguments) throws IOException {
    int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    Path records = Files.createTempDirectory(Path.of("/run"), "vl3-links");
    try (TestNetns fixtures = new TestNetns("links")) {
      Netns nse = fixtures.add("nse");
      KernelDataPlane plane =
          new KernelDataPlane("links", records, Netns.ofProcess(), Netns::locate);
      ManyLinksMain links = new ManyLinksMain(plane, nse);
      links.measure(fixtures.addAll(names("warm", WARM_UP)));
      System.out.println(
          "| links | made ms | ip -batch ms | made / ip | ms each | processor ms | again ms | removed ms |");
      System.out.println("|---|---|---|---|---|---|---|---|");
      for (int count : COUNTS) {
        if (count <= most) {
          System.out.println(links.measure(fixtures.addAll(names("w" + count + "-", count))));
        }
      }
      plane.close();
    }
  }

  private static List<String> names(String begin, int count) {
    return IntStream.range(0, count).mapToObj(i -> begin + i).toList();
  }

  private String measure(List<Netns> workloads) throws IOException {
    List<LinkChange> puts = new ArrayList<>();
    List<LinkChange> removes = new ArrayList<>();
    for (int i = 0; i < workloads.size(); i++) {
      IpAddress first = IpAddress.parse("10.60.0.1").plus(4L * i);
      IpAddress second = first.plus(1);
      LinkEnd client =
          end(at(workloads.get(i), "nsm0"), first + "/30", "@" + second, ">10.60.0.0/16");
      puts.add(new Put(link("c" + i, client, end(at(nse, "w" + i), second + "/30", "@" + first))));
      removes.add(new Remove(new LinkKey("c" + i)));
    }
    double bare = bareVeths(workloads);
    double processor = processorMillis();
    double made = millis(() -> expect(plane.apply(puts), new Applied(true, 1500)));
    processor = processorMillis() - processor;
    double again = millis(() -> expect(plane.apply(puts), new Applied(false, 1500)));
    double removed = millis(() -> expect(plane.apply(removes), new Applied(true, 0)));
    int count = workloads.size();
    return String.format(
        Locale.ROOT,
        "| %,d | %.0f | %.0f | %.1f | %.2f | %.0f | %.0f | %.0f |",
        count,
        made,
        bare,
        made / bare,
        made / count,
        processor,
        again,
        removed);
  }

  /** The time to make them; they are removed after it. */
  private double bareVeths(List<Netns> workloads) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < workloads.size(); i++) {
      lines.add(
          "link add b0 group 99 netns %s type veth peer name b%d group 99 netns %s"
              .formatted(name(workloads.get(i)), i, name(nse)));
    }
    double took = millis(() -> IpCommand.batch(lines));
    KernelState.ip(nse, "link", "del", "group", "99");
    return took;
  }

  private static Path name(Netns netns) {
    return netns.path().getFileName();
  }

  private static void expect(List<LinkOutcome> outcomes, Applied expected) {
    for (LinkOutcome outcome : outcomes) {
      if (!outcome.equals(expected)) {
        throw new IllegalStateException(outcome + " (expected: " + expected + ")");
      }
    }
  }

  private static double millis(Work work) throws IOException {
    long begun = System.nanoTime();
    work.run();
    return (System.nanoTime() - begun) / 1e6;
  }

  private static double processorMillis() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElseThrow();
  }

  /** What is timed. */
  private interface Work {
    void run() throws IOException;
  }
}
