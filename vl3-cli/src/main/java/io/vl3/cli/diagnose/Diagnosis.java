package io.vl3.cli.diagnose;

import io.vl3.cli.diagnose.model.Answer;
import io.vl3.cli.diagnose.model.Check;
import io.vl3.cli.diagnose.model.Finding;
import io.vl3.cli.diagnose.scene.Scene;
import io.vl3.health.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * What all checks answered, and which findings are causes.
 *
 * @param looks each check with its answer, in the checks' order
 * @param causes findings that no other explains, the gravest first, and of these the most basic
 */
public record Diagnosis(List<Look> looks, List<Cause> causes) {

  /** Copies the lists. */
  public Diagnosis {
    looks = List.copyOf(looks);
    causes = List.copyOf(causes);
  }

  /** A check and its answer. */
  public record Look(String name, String tries, Answer answer) {}

  /**
   * A finding that no other explains.
   *
   * @param finding the finding
   * @param tries what was tried
   * @param effects findings that it explains
   */
  public record Cause(Finding finding, String tries, List<Finding> effects) {

    /** Copies the list. */
    public Cause {
      effects = List.copyOf(effects);
    }

    /** How bad it is with all that comes of it. */
    public Severity severity() {
      boolean error =
          finding.severity() == Severity.ERROR
              || effects.stream().anyMatch(effect -> effect.severity() == Severity.ERROR);
      return error ? Severity.ERROR : Severity.WARNING;
    }
  }

  /**
   * Runs checks side by side, and puts their findings in order.
   *
   * @param nse only what concerns this NSE; empty text: everything
   */
  public static Diagnosis of(
      Scene scene, List<Check<Scene>> checks, String nse, Executor executor) {
    List<CompletableFuture<Answer>> answers =
        checks.stream()
            .map(check -> CompletableFuture.supplyAsync(() -> ask(check, scene), executor))
            .toList();
    List<Look> looks = new ArrayList<>();
    for (int i = 0; i < checks.size(); i++) {
      Answer answer = concerning(answers.get(i).join(), nse);
      looks.add(new Look(checks.get(i).name(), checks.get(i).tries(), answer));
    }
    return new Diagnosis(looks, causes(looks));
  }

  /** A check that fails keeps nobody from the others. */
  private static Answer ask(Check<Scene> check, Scene scene) {
    try {
      return check.look(scene);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return Answer.skipped("called off");
    } catch (Exception failure) {
      return Answer.skipped("could not look: " + failure);
    }
  }

  private static Answer concerning(Answer answer, String nse) {
    return new Answer(
        answer.possible(),
        answer.cameOut(),
        answer.findings().stream()
            .filter(
                finding ->
                    nse.isEmpty()
                        || finding.concerns().isEmpty()
                        || finding.concerns().contains(nse))
            .toList());
  }

  private static List<Cause> causes(List<Look> looks) {
    List<Finding> all =
        looks.stream().flatMap(look -> look.answer().findings().stream()).distinct().toList();
    List<Cause> causes = new ArrayList<>();
    for (Look look : looks) {
      for (Finding finding : look.answer().findings()) {
        if (all.stream().noneMatch(other -> other.explains(finding))) {
          causes.add(
              new Cause(finding, look.tries(), all.stream().filter(finding::explains).toList()));
        }
      }
    }
    causes.sort(
        Comparator.comparing(Cause::severity)
            .reversed()
            .thenComparing(cause -> cause.finding().fault()));
    return causes;
  }
}
