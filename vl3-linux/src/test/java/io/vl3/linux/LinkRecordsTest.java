package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.dataplane.LinkKey;
import io.vl3.endpoint.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkRecordsTest {

  private static final LinkKey KEY = new LinkKey("link");

  @TempDir private Path directory;

  @Test
  void recordThatCannotBeWritten_isNamed_andLeavesNothing() throws IOException {
    LinkRecords records = LinkRecords.load(directory, "owner");
    Path inTheWay = directory.resolve(OwnerTag.id(KEY) + ".link");
    Files.createDirectory(inTheWay);
    Files.createFile(inTheWay.resolve("held"));
    assertThatThrownBy(() -> records.write(record()))
        .hasMessageStartingWith(inTheWay + ": ")
        .hasMessageEndingWith("(expected: a record that can be written)")
        .satisfies(
            failure -> assertThat(LinkException.reason(failure)).isEqualTo(Reason.UNAVAILABLE));
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(inTheWay);
    }
    assertThat(records.all()).isEmpty();
  }

  @Test
  void recordThatWasWritten_isFoundByTheNextLifeOfItsOwnerAlone() throws IOException {
    LinkRecords.load(directory, "owner").write(record());
    assertThat(LinkRecords.load(directory, "owner").find(KEY)).contains(record());
    assertThat(LinkRecords.load(directory, "another").all()).isEmpty();
  }

  /** As kill -9 leaves it in the middle of a write. */
  @Test
  void recordThatWasNotFinished_isDeletedByTheNextLifeOfItsOwnerAlone() throws IOException {
    Path ours = directory.resolve(OwnerTag.id(KEY) + ".owner.new");
    Path others = directory.resolve(OwnerTag.id(KEY) + ".other.owner.new");
    Files.writeString(ours, "own");
    Files.writeString(others, "own");
    assertThat(LinkRecords.load(directory, "owner").all()).isEmpty();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(others);
    }
  }

  private static LinkRecord record() {
    LinkRecord.End end = new LinkRecord.End(Side.CLIENT, "1-2", "nsm0", "file:///run/netns/w");
    return new LinkRecord("owner", KEY, "", List.of(end));
  }
}
