package io.vl3.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PartsTest {

  private final Redactor redactor = new Redactor();
  private final Parts parts = new Parts(redactor);

  @Test
  void ofALongText_theEndIsKept() throws Exception {
    parts.text("log.txt", "begin" + "x".repeat(Parts.MOST_OF_ONE) + "end");
    assertThat(written()).contains("...\nxxx").contains("xxxend").doesNotContain("begin");
  }

  @Test
  void aSecondFileOfAName_hasAnother() throws Exception {
    parts.text("a.txt", "one");
    parts.tree("a.txt", object("two"));
    parts.text("a.txt", "three");
    assertThat(written()).contains("r/a.txt", "r/2-a.txt", "r/3-a.txt", "one", "two", "three");
  }

  @Test
  void whatIsTooMuch_isMissing_andSaidSo() {
    for (int i = 0; i < 13; i++) {
      parts.text("log-" + i, "x".repeat(Parts.MOST_OF_ONE));
    }
    assertThat(parts.missing()).containsExactly("log-12: the report is large enough without it");
  }

  /** Its secret is known only once the last file is there. */
  @Test
  void aSecretThatTheLastFileTells_leavesTheFirst_alsoInTreesAndNames() throws Exception {
    parts.text("hunter-2.txt", "said hunter-2");
    parts.tree("a.json", object("hunter-2"));
    parts.tree("z.json", JsonNodeFactory.instance.objectNode().put("password", "hunter-2"));
    assertThat(written()).contains("[removed]").doesNotContain("hunter-2");
  }

  private static ObjectNode object(String value) {
    return JsonNodeFactory.instance.objectNode().put("name", value);
  }

  private String written() throws Exception {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarGz tar = new TarGz(archive, Instant.EPOCH)) {
      parts.writeTo(tar, "r");
    }
    return new String(
        new GZIPInputStream(new ByteArrayInputStream(archive.toByteArray())).readAllBytes(),
        StandardCharsets.UTF_8);
  }
}
