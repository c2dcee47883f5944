package dev.shiplog.api.schema.types;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A definition with named fields, such as {@code io.k8s.api.core.v1.Container}. Immutable. */
public final class TypeDefinition {

  private final String name;
  private final List<Field> fields;
  private final Map<String, Field> byName = new HashMap<>();
  private final boolean atomic;
  private final JsonNode facts;

  TypeDefinition(String name, List<Field> fields, boolean atomic, JsonNode facts) {
    this.name = name;
    this.fields = List.copyOf(fields);
    fields.forEach(f -> byName.put(f.name(), f));
    this.atomic = atomic;
    this.facts = facts;
  }

  public String name() {
    return name;
  }

  /** The part after the last dot, for example {@code Container}. */
  public String shortName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** In the order of declaration, which is the order in which an object is written. */
  public List<Field> fields() {
    return fields;
  }

  /** The field, or null if there is none of that name. */
  public Field field(String fieldName) {
    return byName.get(fieldName);
  }

  /** Whether apply replaces it as a whole. */
  public boolean atomic() {
    return atomic;
  }

  /** Everything the data says of it, for what only few readers need. Shared: do not change. */
  public JsonNode facts() {
    return facts;
  }

  @Override
  public String toString() {
    return name;
  }
}
