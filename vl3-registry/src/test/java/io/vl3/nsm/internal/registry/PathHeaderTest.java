package io.vl3.nsm.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What servers answer is kept for refreshes, within bounds. */
class PathHeaderTest {

  private final PathHeader paths = new PathHeader();

  @Test
  void whatWasAnswered_isSentAgain() {
    assertThat(sent("nse")).isEqualTo("{\"Index\":0,\"PathSegments\":null}");
    paths.keep("nse", answered("{\"Index\":1}"));
    assertThat(sent("nse")).isEqualTo("{\"Index\":1}");
    paths.keep("nse", Optional.empty());
    assertThat(sent("nse")).isEqualTo("{\"Index\":1}");
    paths.forget("nse");
    assertThat(sent("nse")).startsWith("{\"Index\":0");
  }

  @Test
  void aRegistryThatAlwaysGivesAnotherName_makesUsKeepTheLatestOnly() {
    paths.keep("used", answered("path of used"));
    for (int i = 0; i < 10_000; i++) {
      paths.keep("nse-" + i, answered("path " + i));
      assertThat(sent("used")).isEqualTo("path of used");
    }
    assertThat(paths.size()).isEqualTo(PathHeader.MOST_NAMES);
    assertThat(sent("nse-9999")).isEqualTo("path 9999");
    assertThat(sent("nse-0")).startsWith("{\"Index\":0");
  }

  @Test
  void aHeaderThatIsTooLong_isNotKept_norTheOneBefore() {
    paths.keep("nse", answered("short"));
    paths.keep("nse", answered("x".repeat(PathHeader.MOST_CHARACTERS + 1)));
    assertThat(sent("nse")).startsWith("{\"Index\":0");
    assertThat(paths.size()).isZero();
  }

  private String sent(String name) {
    return paths.of(name).get(PathHeader.KEY);
  }

  private static Optional<Metadata> answered(String path) {
    Metadata headers = new Metadata();
    headers.put(PathHeader.KEY, path);
    return Optional.of(headers);
  }
}
