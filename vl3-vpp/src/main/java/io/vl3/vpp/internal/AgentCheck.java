package io.vl3.vpp.internal;

import io.vl3.vpp.AgentModels;
import io.vl3.vpp.VppSettings;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether an agent knows what the settings need. Asked before each look, because an agent
 * may be replaced by one of another version, and would pass over in silence what it does not know.
 * An agent that has no service to ask is taken as it is.
 *
 * <p>Used by who has the turn. Calls block.
 */
public final class AgentCheck {

  private static final Logger LOG = LoggerFactory.getLogger(AgentCheck.class);

  private final AgentClient client;
  private final VppSettings settings;
  private String said = "";

  /** A check that has asked nothing yet. */
  public AgentCheck(AgentClient client, VppSettings settings) {
    this.client = client;
    this.settings = settings;
  }

  /**
   * Asks the agent.
   *
   * @throws AgentException UNFIT if it does not know what is needed; else if it does not answer
   */
  public void check() throws AgentException {
    Optional<AgentModels> models = client.models();
    say(
        models
            .map(AgentModels::toString)
            .orElse("does not tell its models (no ligato.generic.MetaService): taken as it is"));
    Optional<String> objection = models.flatMap(known -> known.objection(settings));
    if (objection.isPresent()) {
      throw AgentException.unfit(client.agent(), objection.get());
    }
  }

  /** Says what the agent is, once until it is another. */
  private void say(String words) {
    if (!words.equals(said)) {
      LOG.info("vpp-agent at {}: {}", client.agent(), words);
      said = words;
    }
  }
}
