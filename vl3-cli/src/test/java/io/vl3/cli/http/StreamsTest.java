package io.vl3.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vl3.time.FakeTimer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamsTest {

  @Test
  void aStreamThatIsNotRead_missesMessages_catchesUp_andIsEndedIfItStaysSo() {
    FakeTimer clock = new FakeTimer();
    Streams streams = new Streams(clock);
    SlowChannel slow = new SlowChannel();
    streams.add(slow, List.of("begin"));
    assertThat(slow.taken()).containsExactly("begin");
    slow.writable(false);
    streams.send("lost");
    streams.catchUp("still not");
    slow.writable(true);
    streams.catchUp("now");
    streams.catchUp("nobody misses it");
    assertThat(slow.taken()).containsExactly("begin", "now");
    slow.writable(false);
    clock.advance(Streams.PATIENCE.plusSeconds(1));
    streams.send("lost");
    assertThat(slow.isOpen()).isFalse();
    assertThat(streams.isEmpty()).isTrue();
  }
}
