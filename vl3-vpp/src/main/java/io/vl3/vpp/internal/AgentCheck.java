package io.vl3.vpp.internal;

import io.vl3.vpp.AgentModels;
import io.vl3.vpp.VppSettings;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether an agent knows the models that the settings need. The data plane asks before
 * each look, because an agent may be replaced by one of another version, and passes over in silence
 * what it does not know. An agent that has no service to ask is taken as it is.
 *
 * <p>Used by the holder of the {@link Turn}. Calls block.
 */
final class AgentCheck {

  private static final Logger LOG = LoggerFactory.getLogger(AgentCheck.class);

  private final AgentClient client;
  private String logged = "";

  /** A check that has asked nothing yet. */
  AgentCheck(AgentClient client) {
    this.client = client;
  }

  /**
   * Asks the agent.
   *
   * @throws VppException UNFIT if it does not know what is needed; else if it does not answer
   */
  void check(VppSettings settings) throws VppException {
    Optional<AgentModels> models = client.models();
    log(
        models
            .map(AgentModels::toString)
            .orElse("does not list its models (no ligato.generic.MetaService): taken as it is"));
    Optional<String> objection = models.flatMap(known -> known.objection(settings));
    if (objection.isPresent()) {
      throw VppException.unfit(client.subject(), objection.get());
    }
  }

  /** Logs what the agent is, once until it is another. */
  private void log(String words) {
    if (!words.equals(logged)) {
      LOG.info("{}: {}", client.subject(), words);
      logged = words;
    }
  }
}
