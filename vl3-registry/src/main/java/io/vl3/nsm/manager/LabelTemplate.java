package io.vl3.nsm.manager;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A selector's value that names labels of the request, like {@code {{.podName}}}: Go's templates,
 * of which NSM's services use fields only. Any other template is taken as it is written, as the
 * reference takes one that it cannot read.
 */
final class LabelTemplate {

  private static final Pattern FIELD =
      Pattern.compile("\\{\\{[ \\t\\r\\n]*\\.([\\p{L}_][\\p{L}\\p{Nd}_]*)[ \\t\\r\\n]*}}");

  private LabelTemplate() {}

  /** The text with the labels in it; one that the request lacks is {@code <no value>}. */
  static String fill(String template, Map<String, String> labels) {
    if (FIELD.matcher(template).replaceAll(" ").contains("{{")) {
      return template;
    }
    return FIELD
        .matcher(template)
        .replaceAll(
            found -> Matcher.quoteReplacement(labels.getOrDefault(found.group(1), "<no value>")));
  }
}
