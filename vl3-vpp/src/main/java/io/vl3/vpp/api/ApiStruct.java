package io.vl3.vpp.api;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by the names of their fields. A value is a number (enumerations, too), a truth value, a
 * text, {@link ApiBytes}, another of these, or a list. Immutable.
 *
 * <p>To be written, an enumeration may also be the name of a constant, and flags a list of names;
 * what is left out is zero, or the field's own standard.
 */
public final class ApiStruct {

  /** No values. */
  public static final ApiStruct EMPTY = new ApiStruct(Map.of());

  private final Map<String, Object> values;

  private ApiStruct(Map<String, Object> values) {
    this.values = values;
  }

  /** Values in the order of a map that nobody else has. */
  static ApiStruct owning(Map<String, Object> values) {
    return new ApiStruct(Collections.unmodifiableMap(values));
  }

  /** One value. */
  public static ApiStruct of(String field, Object value) {
    return EMPTY.with(field, value);
  }

  /** These values with another one. */
  public ApiStruct with(String field, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(field, kept(value));
    return owning(changed);
  }

  /** All values by their fields. */
  public Map<String, Object> values() {
    return values;
  }

  /** Whether there is a value. */
  public boolean has(String field) {
    return values.containsKey(field);
  }

  /** A number; u64 as its 64 bits. */
  public long number(String field) {
    return value(field, Number.class).longValue();
  }

  /** A number that fits an int, or of which only the lower 32 bits count. */
  public int intValue(String field) {
    return (int) number(field);
  }

  /** A truth value. */
  public boolean is(String field) {
    return value(field, Boolean.class);
  }

  /** A text. */
  public String text(String field) {
    return value(field, String.class);
  }

  /** Octets. */
  public ApiBytes bytes(String field) {
    return value(field, ApiBytes.class);
  }

  /** A structure. */
  public ApiStruct struct(String field) {
    return value(field, ApiStruct.class);
  }

  /** A list of structures. */
  public List<ApiStruct> structs(String field) {
    return list(field).stream().map(ApiStruct.class::cast).toList();
  }

  /** A list of numbers. */
  public List<Long> numbers(String field) {
    return list(field).stream().map(n -> ((Number) n).longValue()).toList();
  }

  private List<?> list(String field) {
    return value(field, List.class);
  }

  private <T> T value(String field, Class<T> type) {
    Object value = values.get(field);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "field %s: %s (expected: %s, of %s)"
              .formatted(
                  field, value == null ? "none" : value, type.getSimpleName(), values.keySet()));
    }
    return type.cast(value);
  }

  private static Object kept(Object value) {
    if (value instanceof byte[] octets) {
      return ApiBytes.of(octets);
    }
    return value instanceof Collection<?> many ? List.copyOf(many) : value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ApiStruct its && values.equals(its.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
