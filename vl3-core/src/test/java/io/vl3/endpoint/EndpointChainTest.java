package io.vl3.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vl3.connection.Connection;
import io.vl3.connection.ConnectionRequest;
import io.vl3.failure.EndpointException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EndpointChainTest {

  private final ChainRig rig = new ChainRig();

  @Test
  void of_elementBeforeWhatItNeeds_namesBoth() {
    assertThatThrownBy(() -> EndpointChain.of("server", new Later(), new Earlier()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chain server: Later (expected: Earlier before it)");
  }

  @Test
  void of_neededElementInNestedPart_isFound() {
    EndpointChain part = EndpointChain.part("part", new Earlier());
    assertThat(EndpointChain.of("server", part, new Later()).description().flatten())
        .extracting(Description::name)
        .containsExactly("Earlier", "Later");
  }

  @Test
  void part_isCheckedWhereTheWholeIsBuilt() {
    EndpointChain part = EndpointChain.part("part", new Later());
    assertThatThrownBy(() -> EndpointChain.of("server", part, new Earlier()))
        .hasMessageContaining("Later (expected: Earlier before it)");
  }

  @Test
  void next_twice_throwsAndNamesTheElement() {
    rig.run(new Twice());
    assertThatThrownBy(() -> rig.request(rig.connection("c")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Twice")
        .hasMessageContaining("test");
  }

  @Test
  void next_afterReturn_throws() throws EndpointException {
    AtomicReference<Next> kept = new AtomicReference<>();
    rig.run(
        (request, session, next) -> {
          kept.set(next);
          return request.connection();
        });
    Connection made = rig.request(rig.connection("c"));
    assertThatThrownBy(() -> kept.get().request(ConnectionRequest.of(made)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("after return");
  }

  @Test
  void beforeBehindReplacing_findAnElementByItsClass_alsoWithinAChain() {
    EndpointChain chain =
        EndpointChain.of("whole", new Earlier(), EndpointChain.part("part", new Later()));
    assertThat(namesOf(chain.before(Later.class, FailAt.request(1))))
        .containsExactly("Earlier", "FailAt", "Later");
    assertThat(namesOf(chain.behind(Later.class, FailAt.request(1))))
        .containsExactly("Earlier", "Later", "FailAt");
    assertThat(namesOf(chain.replacing(Later.class, FailAt.request(1))))
        .containsExactly("Earlier", "FailAt");
    assertThatThrownBy(() -> chain.replacing(Twice.class, FailAt.request(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chain whole: no Twice (expected: one of [Earlier, Later])");
  }

  @Test
  void whole_checksTheOrderOfAChangedChain() {
    EndpointChain chain = EndpointChain.of("server", new Earlier(), new Later());
    assertThat(chain.whole()).isSameAs(chain);
    EndpointChain changed = chain.replacing(Earlier.class, FailAt.request(1));
    assertThatThrownBy(changed::whole)
        .hasMessage("chain server: Later (expected: Earlier before it)");
  }

  private static List<String> namesOf(EndpointChain chain) {
    return chain.description().flatten().stream().map(Description::name).toList();
  }

  @Test
  void inserting_countsThroughNestedChains() {
    EndpointChain chain =
        EndpointChain.of(
            "whole", new Earlier(), EndpointChain.part("part", new Later(), new Later()));
    for (int place = 0; place <= 3; place++) {
      assertThat(chain.inserting(place, FailAt.request(1)).description().flatten().get(place))
          .extracting(Description::name)
          .isEqualTo("FailAt");
    }
    assertThatThrownBy(() -> chain.inserting(4, FailAt.request(1)))
        .hasMessage("place: 4 (expected: 0..3)");
  }

  private static final class Earlier implements Endpoint {
    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      return next.request(request);
    }
  }

  private static final class Later implements Endpoint {
    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      return next.request(request);
    }

    @Override
    public Description description() {
      return Description.of(this).after(Earlier.class);
    }
  }

  private static final class Twice implements Endpoint {
    @Override
    public Connection request(ConnectionRequest request, Session session, Next next)
        throws EndpointException {
      next.request(request);
      return next.request(request);
    }
  }
}
