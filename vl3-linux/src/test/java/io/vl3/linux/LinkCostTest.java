package io.vl3.linux;

import static io.vl3.linux.Links.at;
import static io.vl3.linux.Links.end;
import static io.vl3.linux.Links.link;
import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.dataplane.Link;
import io.vl3.dataplane.LinkChange;
import io.vl3.dataplane.LinkChange.Put;
import io.vl3.dataplane.LinkChange.Remove;
import io.vl3.dataplane.LinkEnd;
import io.vl3.dataplane.LinkOutcome;
import io.vl3.dataplane.LinkOutcome.Applied;
import io.vl3.linux.testing.RequiresNetns;
import io.vl3.linux.testing.TestNetns;
import io.vl3.net.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a link costs, in messages to the kernel and back: the same, however many links there are in
 * its namespaces. An answer that names each of them is a message each.
 */
@RequiresNetns
class LinkCostTest {

  private static final int MANY = 120;

  @TempDir private Path records;
  private final TestNetns fixtures = new TestNetns("cost");
  private Netns one;
  private Netns other;
  private KernelDataPlane plane;

  @BeforeEach
  void setUp() throws IOException {
    List<Netns> made = fixtures.addAll(List.of("one", "other"));
    one = made.get(0);
    other = made.get(1);
    plane = new KernelDataPlane("cost", records, Netns.ofProcess(), Netns::locate);
  }

  @AfterEach
  void tearDown() throws IOException {
    plane.close();
    fixtures.close();
  }

  @Test
  void oneMoreLink_costsAsMuch_howeverManyThereAre() {
    put(linkOf(0)); // a namespace's first differs: there is no table yet
    Costs first = costs(linkOf(1));
    List<LinkChange> many = new ArrayList<>();
    for (int i = 2; i < MANY; i++) {
      many.add(new Put(linkOf(i)));
    }
    apply(many, true);
    Costs last = costs(linkOf(MANY));
    assertThat(last).isEqualTo(first);
    assertThat(first.made()).as("two for each of 22 steps").isLessThan(48);
  }

  /** What a link cost when it was made, put again as it is, removed. */
  private record Costs(long made, long again, long removed) {}

  private Costs costs(Link link) {
    long made = messages(() -> put(link));
    long again = messages(() -> apply(List.of(new Put(link)), false));
    long removed = messages(() -> apply(List.of(new Remove(link.key())), true));
    put(link);
    return new Costs(made, again, removed);
  }

  private long messages(Runnable work) {
    long before = plane.messages();
    work.run();
    return plane.messages() - before;
  }

  private void put(Link link) {
    apply(List.of(new Put(link)), true);
  }

  private void apply(List<LinkChange> changes, boolean changing) {
    for (LinkOutcome outcome : plane.apply(changes)) {
      assertThat(outcome)
          .isInstanceOfSatisfying(
              Applied.class, applied -> assertThat(applied.changed()).isEqualTo(changing));
    }
  }

  /** Of both families, with a route each way. */
  private Link linkOf(int number) {
    String name = "l" + number;
    IpAddress near = IpAddress.parse("10.60.0.1").plus(4L * number);
    IpAddress far = near.plus(1);
    IpAddress nearSix = IpAddress.parse("2001:db8::1").plus(4L * number);
    IpAddress farSix = nearSix.plus(1);
    LinkEnd nearEnd =
        end(
            at(one, name),
            near + "/30",
            nearSix + "/126",
            "@" + far,
            "@" + farSix,
            "> 10.70.%d.0/24".formatted(number),
            "> 2001:db8:%x::/48".formatted(number + 1));
    LinkEnd farEnd = end(at(other, name), far + "/30", farSix + "/126", "@" + near, "@" + nearSix);
    return link("k" + number, nearEnd, farEnd);
  }
}
