package io.vl3.mesh;

import io.vl3.endpoint.EndpointRunner;
import io.vl3.health.Reporter;
import io.vl3.registry.EndpointRecord;
import io.vl3.registry.PeerDirectory;
import io.vl3.time.BackOff;
import io.vl3.time.Timer;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A mesh as it is, or with one of the rules taken away that it stands on. */
public enum Mutation {
  /** As it is. */
  NONE,
  /** Both sides of a pair think that it is theirs to dial. */
  NO_TIE_BREAK,
  /** Failures are never forgotten. */
  NO_BACK_OFF_RESET,
  /** Two peers may hold one prefix. */
  NO_OVERLAP_CHECK;

  /** A table for the mesh. */
  public PrefixTable table() {
    return this == NO_OVERLAP_CHECK ? new PrefixTable((one, other) -> false) : new PrefixTable();
  }

  /** The mesh. */
  public PeerMesh mesh(
      Vl3Network network,
      PrefixTable table,
      PeerDirectory directory,
      EndpointRunner client,
      MeshSettings settings,
      Executor executor,
      Timer timer,
      RandomGenerator random) {
    return new PeerMesh(
        network,
        table,
        directory,
        client,
        settings,
        rules(),
        MeshThreads.of(executor),
        timer,
        random,
        Reporter.NONE);
  }

  private MeshRules rules() {
    return switch (this) {
      case NO_TIE_BREAK -> new EverybodyDials();
      case NO_BACK_OFF_RESET -> new NothingForgotten();
      case NONE, NO_OVERLAP_CHECK -> MeshRules.STANDARD;
    };
  }

  private static final class EverybodyDials implements MeshRules {
    @Override
    public boolean isOurTurn(EndpointRecord self, EndpointRecord peer) {
      return true;
    }
  }

  private static final class NothingForgotten implements MeshRules {
    @Override
    public Attempts attempts(BackOff backOff, RandomGenerator random, Instant now) {
      return new Attempts(backOff, random, now) {
        @Override
        void reset(Instant later) {}
      };
    }
  }
}
