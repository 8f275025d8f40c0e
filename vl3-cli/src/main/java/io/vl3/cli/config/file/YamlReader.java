package io.vl3.cli.config.file;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.vl3.cli.config.mistake.Mistake;
import io.vl3.cli.config.mistake.Mistakes;
import io.vl3.cli.config.mistake.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns YAML text into nodes with places. Aliases, tags and further documents are mistakes. A text
 * with aliases is not read at all: what they stand for may be nested without end.
 */
public final class YamlReader {

  private static final int MAX_DEPTH = 20;

  private final YAMLParser parser;
  private final Mistakes mistakes;
  private final List<Mistake> aliases = new ArrayList<>();

  private YamlReader(YAMLParser parser, Mistakes mistakes) {
    this.parser = parser;
    this.mistakes = mistakes;
  }

  /** The document's root; empty if the text is empty or no YAML, which is then noted. */
  public static Optional<YamlNode> read(String text, Mistakes mistakes) {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      return new YamlReader(parser, mistakes).document();
    } catch (JsonProcessingException e) {
      mistakes.add(NoYaml.of(text, e));
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string", e);
    }
  }

  private Optional<YamlNode> document() throws IOException {
    if (parser.nextToken() == null) {
      return Optional.empty();
    }
    YamlNode root = node(0);
    if (parser.nextToken() != null) {
      mistakes.add(here(), "", "a second document", "one document in the file");
    }
    if (aliases.isEmpty()) {
      return Optional.of(root);
    }
    mistakes.add(aliases.size() == 1 ? aliases.get(0) : ofAll(aliases));
    return Optional.empty();
  }

  private static Mistake ofAll(List<Mistake> aliases) {
    Mistake first = aliases.get(0);
    String value = "%s and %d more aliases".formatted(first.value(), aliases.size() - 1);
    return new Mistake(first.at(), "", value, first.expected());
  }

  private YamlNode node(int depth) throws IOException {
    Position at = here();
    if (depth > MAX_DEPTH) {
      mistakes.add(at, "", "nested deeper", "at most " + MAX_DEPTH + " levels");
      parser.skipChildren();
      return YamlNode.unread(at);
    }
    Optional<String> tag = Optional.ofNullable(parser.getTypeId()).map(Object::toString);
    if (tag.isPresent()) {
      mistakes.add(at, "", "!" + tag.get(), "the value alone: tags are not read");
      parser.skipChildren();
      return YamlNode.unread(at);
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(at, depth);
      case START_ARRAY -> items(at, depth);
      default -> scalar(at);
    };
  }

  private YamlNode mapping(Position at, int depth) throws IOException {
    List<YamlNode.Entry> entries = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Position keyAt = here();
      parser.nextToken();
      entries.add(new YamlNode.Entry(key, keyAt, node(depth + 1)));
    }
    return new YamlNode.Mapping(at, List.copyOf(entries));
  }

  private YamlNode items(Position at, int depth) throws IOException {
    List<YamlNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(node(depth + 1));
    }
    return new YamlNode.Items(at, List.copyOf(items));
  }

  private YamlNode scalar(Position at) throws IOException {
    String text = parser.getText();
    if (parser.isCurrentAlias()) {
      String expected = "the value itself: aliases are not read";
      aliases.add(new Mistake(Optional.of(at), "", "*" + text, expected));
      return YamlNode.unread(at);
    }
    return new YamlNode.Scalar(at, text, type(parser.currentToken()));
  }

  private static YamlNode.Type type(JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> YamlNode.Type.INTEGER;
      case VALUE_NUMBER_FLOAT -> YamlNode.Type.DECIMAL;
      case VALUE_TRUE, VALUE_FALSE -> YamlNode.Type.BOOLEAN;
      case VALUE_NULL -> YamlNode.Type.NOTHING;
      default -> YamlNode.Type.TEXT;
    };
  }

  private Position here() {
    return position(parser.currentTokenLocation());
  }

  /** A limit of the parser comes without a place. */
  static Position position(@Nullable JsonLocation at) {
    return at == null
        ? Position.START
        : new Position(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr()));
  }
}
