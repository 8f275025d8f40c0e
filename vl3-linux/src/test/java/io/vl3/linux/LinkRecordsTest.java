package io.vl3.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.vl3.LogLines;
import io.vl3.dataplane.LinkKey;
import io.vl3.failure.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

  @Test
  void directoryThatAnotherOwnerLeft_isMadeAgain() throws IOException {
    LinkRecords records = LinkRecords.load(directory, "owner");
    LinkRecords.load(directory, "another").leave();
    assertThat(directory).doesNotExist();

    records.write(record());

    assertThat(LinkRecords.load(directory, "owner").find(KEY)).contains(record());
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

  @Test
  void everyByteThatIsWrong_costsThatRecordAtMost_andIsWarnedOfOnce() throws IOException {
    LinkRecords.load(directory, "owner").write(record());
    LinkRecord other =
        new LinkRecord("owner", new LinkKey("other"), "10.0.0.1 10.0.0.2 4789 7", record().ends());
    LinkRecords.load(directory, "owner").write(other);
    Path file = directory.resolve(OwnerTag.id(KEY) + ".link");
    byte[] whole = Files.readAllBytes(file);
    for (int place = 0; place < whole.length; place++) {
      for (int bits : List.of(0x01, 0x20, 0xff)) {
        byte[] damaged = whole.clone();
        damaged[place] ^= (byte) bits;
        checkDamaged(file, damaged, other);
      }
    }
    for (int length = 0; length < whole.length; length++) {
      checkDamaged(file, Arrays.copyOf(whole, length), other);
    }
  }

  /** Equal where only the line's end differs. */
  private void checkDamaged(Path file, byte[] damaged, LinkRecord other) throws IOException {
    Files.write(file, damaged);
    try (LogLines log = LogLines.of(LinkRecords.class.getName())) {
      LinkRecords records = LinkRecords.load(directory, "owner");
      assertThat(records.find(other.key())).contains(other);
      if (records.find(KEY).isEmpty()) {
        assertThat(log.lines(Level.WARN))
            .containsExactly(file + ": damaged, and deleted (expected: the record of a link)");
        assertThat(file).doesNotExist();
      } else {
        assertThat(records.find(KEY)).contains(record());
      }
    }
  }

  @Test
  void aRecordWithoutChecksum_asEarlierVersionsWroteIt_isRead() throws IOException {
    Files.writeString(
        directory.resolve(OwnerTag.id(KEY) + ".link"),
        """
        vl3-link 1
        owner owner
        key link
        tunnel\s
        end CLIENT 1-2 nsm0 file%3A%2F%2F%2Frun%2Fnetns%2Fw
        """);
    assertThat(LinkRecords.load(directory, "owner").find(KEY)).contains(record());
  }

  private static LinkRecord record() {
    LinkRecord.End end = new LinkRecord.End(Side.CLIENT, "1-2", "nsm0", "file:///run/netns/w");
    return new LinkRecord("owner", KEY, "", List.of(end));
  }
}
