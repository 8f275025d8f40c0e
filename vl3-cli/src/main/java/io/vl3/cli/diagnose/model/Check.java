package io.vl3.cli.diagnose.model;

/**
 * One thing that is looked at.
 *
 * @param <S> what there is to look at
 */
public interface Check<S> {

  /** Its name, in a word or two. */
  String name();

  /** Its attempt, as a sentence in the imperative. */
  String tries();

  /**
   * Looks. Checks run side by side and may block for some seconds; nothing is changed.
   *
   * @throws Exception if it cannot look: the check counts as skipped then
   */
  Answer look(S scene) throws Exception;
}
