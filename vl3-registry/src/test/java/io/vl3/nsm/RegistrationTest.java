package io.vl3.nsm;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vl3.endpoint.EndpointException;
import io.vl3.endpoint.Reason;
import io.vl3.registry.EndpointQuery;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.FakeRegistry;
import io.vl3.registry.NetworkServiceRecord;
import io.vl3.registry.Registry;
import io.vl3.time.FakeTimer;
import io.vl3.transport.TestTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Keeping an endpoint registered where its network service is not ours to register. */
class RegistrationTest {

  private final FakeTimer timer = new FakeTimer();
  private final Services registry = new Services(new FakeRegistry(timer));
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Registration.class);
  private TestTransport transport;
  private Registration registration;

  @BeforeEach
  void prepare() throws Exception {
    log.start();
    logger.addAppender(log);
    transport = new TestTransport();
    registration =
        new Registration(
            NsmRuntime.of(timer, Runnable::run, transport.options(), new Random(1)),
            registry,
            EndpointRecord.of("nse", "vl3", Map.of(), "tcp://127.0.0.1:1"),
            List.of(NetworkServiceRecord.of("vl3")),
            false);
  }

  @AfterEach
  void stop() throws Exception {
    registration.close();
    transport.close();
    logger.detachAppender(log);
  }

  @Test
  void theEndpointIsRegistered_thoughTheServiceIsAnothers_whichIsToldOnce() throws Exception {
    registry.refusal =
        Optional.of(new EndpointException(Reason.DENIED, "vl3: it belongs to another"));
    registration.start();
    assertThat(registration.first()).isCompleted();
    timer.advance(Duration.ofMinutes(30));

    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
    assertThat(registry.asked).isGreaterThan(3);
    assertThat(log.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "endpoint nse: network service vl3 is left as it is registered: vl3: it belongs to another");
  }

  @Test
  void anyOtherFailureOfTheService_keepsTheEndpointWaiting() throws Exception {
    registry.refusal = Optional.of(new EndpointException(Reason.UNAVAILABLE, "registry: starting"));
    registration.start();
    assertThat(registry.find(EndpointQuery.ofName("nse"))).isEmpty();
    registry.refusal = Optional.empty();
    timer.advance(Duration.ofSeconds(10));
    assertThat(registry.find(EndpointQuery.ofName("nse"))).hasSize(1);
  }

  /** A registry that refuses network services. */
  private static final class Services implements Registry {

    private final FakeRegistry registry;
    Optional<EndpointException> refusal = Optional.empty();
    int asked;

    Services(FakeRegistry registry) {
      this.registry = registry;
    }

    @Override
    public NetworkServiceRecord registerService(NetworkServiceRecord service)
        throws EndpointException {
      asked++;
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      return registry.registerService(service);
    }

    @Override
    public void unregisterService(String name) throws EndpointException {
      registry.unregisterService(name);
    }

    @Override
    public EndpointRecord register(EndpointRecord endpoint) throws EndpointException {
      return registry.register(endpoint);
    }

    @Override
    public void unregister(EndpointRecord endpoint) throws EndpointException {
      registry.unregister(endpoint);
    }

    @Override
    public List<EndpointRecord> find(EndpointQuery query) throws EndpointException {
      return registry.find(query);
    }

    @Override
    public Subscription watch(EndpointQuery query, Listener listener) {
      return registry.watch(query, listener);
    }
  }
}
