package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;

import io.vl3.dataplane.Attachment.KernelInterface;
import io.vl3.dataplane.DataPlane;
import io.vl3.dataplane.DataPlaneContract;
import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.linux.testing.KernelState;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's programmer keeps the contract of every data plane. */
@RequiresNetns
class KernelDataPlaneContractTest extends DataPlaneContract {

  private final TestNetns fixtures = new TestNetns("kdpc");
  @TempDir private Path records;
  private List<Netns> ends = List.of();

  @Override
  protected DataPlane open() throws IOException {
    if (ends.isEmpty()) {
      ends = fixtures.addAll(List.of("w", "n"));
    }
    return new KernelDataPlane("contract", records, Netns.ofProcess(), Netns::locate);
  }

  @Override
  protected Link link(String key, int variant) {
    int n = key.charAt(0);
    LinkEnd client = end(at(ends.get(0), "c-" + key), "10.0.%d.1/30".formatted(n));
    LinkEnd endpoint =
        variant == 0
            ? end(at(ends.get(1), "e-" + key), "10.0.%d.2/30".formatted(n))
            : end(at(ends.get(1), "e-" + key), "10.0.%d.2/30".formatted(n), "> 10.9.0.0/16");
    return Links.link(key, client, endpoint);
  }

  @Override
  protected Link poisoned(String key) {
    KernelInterface nowhere = new KernelInterface("file:///nonexistent/netns", "c-" + key);
    return Links.link(key, LinkEnd.bare(nowhere), LinkEnd.bare(at(ends.get(1), "e-" + key)));
  }

  @Override
  protected LinkOutcome changed() {
    return new LinkOutcome.Applied(true, 1500);
  }

  /** Addresses and routes of both ends; indexes differ from one making to the next. */
  @Override
  protected String state() throws IOException {
    StringBuilder all = new StringBuilder();
    for (Netns netns : ends) {
      all.append(KernelState.ip(netns, "-o", "-4", "address"));
      all.append(KernelState.ip(netns, "route"));
    }
    return all.toString()
        .lines()
        .map(line -> line.replaceAll("^[0-9]+: ", "").replace(" linkdown", ""))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  @AfterEach
  void tearDown() throws IOException {
    fixtures.close();
  }
}
