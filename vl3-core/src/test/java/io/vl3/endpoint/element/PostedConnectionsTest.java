package io.vl3.endpoint.element;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.connection.Caller;
import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionId;
import io.vl3.connection.Path;
import io.vl3.connection.PathSegment;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PostedConnectionsTest {

  private final PostedConnections posted = new PostedConnections();

  /** What a new watcher of one connection looks at, and what its first event is made from. */
  @Test
  void watcherOfOne_looksAtOne_howeverManyThereAre() {
    for (int i = 0; i < 1_000; i++) {
      posted.put(connection("own-" + i, "client-" + i));
    }
    assertThat(posted.passing("client-7")).hasSize(1);
    assertThat(posted.passing("own-7")).containsExactly(connection("own-7", "client-7"));
    assertThat(posted.passing("")).hasSize(1_000);
  }

  @Test
  void connectionsOfOneClient_areFoundByItsId_untilTheyAreGone() {
    posted.put(connection("a", "client"));
    posted.put(connection("b", "client"));
    assertThat(posted.passing("client")).extracting(Posted::id).hasSize(2);
    posted.remove(new ConnectionId("a"));
    assertThat(posted.passing("client")).containsExactly(connection("b", "client"));
    posted.remove(new ConnectionId("b"));
    assertThat(posted.passing("client")).isEmpty();
    assertThat(posted.passing("b")).isEmpty();
    assertThat(posted.size()).isZero();
  }

  @Test
  void anotherPath_isFoundByItsOwnIdsAlone() {
    posted.put(connection("a", "before"));
    assertThat(posted.put(connection("a", "after"))).contains(connection("a", "before"));
    assertThat(posted.passing("before")).isEmpty();
    assertThat(posted.passing("after")).containsExactly(connection("a", "after"));
    assertThat(posted.passing("a")).hasSize(1);
  }

  @Test
  void anOwnIdThatIsInNoPath_findsNothing() {
    posted.put(
        new Posted(Connection.to("service").withId(new ConnectionId("a")), new Caller("client")));
    assertThat(posted.passing("a")).isEmpty();
    assertThat(posted.passing(" ")).isEmpty();
    assertThat(posted.passing("")).hasSize(1);
  }

  @Test
  void anIdOfOneConnectionThatIsAnothersOwn_findsBoth() {
    posted.put(connection("a", "client"));
    posted.put(connection("b", "a"));
    assertThat(posted.passing("a"))
        .containsExactly(connection("a", "client"), connection("b", "a"));
    posted.remove(new ConnectionId("a"));
    assertThat(posted.passing("a")).containsExactly(connection("b", "a"));
  }

  private static Posted connection(String own, String client) {
    List<PathSegment> segments =
        Stream.of(client, own).map(id -> PathSegment.of("component", id)).toList();
    return new Posted(
        Connection.to("service").withId(new ConnectionId(own)).withPath(new Path(1, segments)),
        new Caller("client"));
  }
}
