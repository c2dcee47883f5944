package dev.shiplog.api.definitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of the names a definition asks for it gets: those that no other definition of its group
 * has. Names it once got stay its own.
 *
 * @param names what goes into {@code status.acceptedNames}
 * @param reason of the NamesAccepted condition
 * @param message of it
 */
record AcceptedNames(ObjectNode names, boolean all, String reason, String message) {

  /** Decides for one definition, given all there are. */
  static AcceptedNames of(Definition definition, Collection<Definition> all) {
    Set<String> resources = new HashSet<>();
    Set<String> kinds = new HashSet<>();
    for (Definition other : all) {
      if (other.group().equals(definition.group()) && !other.name().equals(definition.name())) {
        JsonNode taken = Trees.at(other.tree(), "status", "acceptedNames");
        resources.addAll(Trees.texts(taken, "shortNames"));
        resources.add(Trees.text(taken, "plural"));
        resources.add(Trees.text(taken, "singular"));
        kinds.add(Trees.text(taken, "kind"));
        kinds.add(Trees.text(taken, "listKind"));
      }
    }
    resources.remove("");
    kinds.remove("");
    return new Choice(definition).choose(resources, kinds);
  }

  private static final class Choice {

    private final JsonNode asked;
    private final JsonNode had;
    private final ObjectNode names = JsonNodeFactory.instance.objectNode();
    private final List<String> reasons = new ArrayList<>();
    private final List<String> messages = new ArrayList<>();

    Choice(Definition definition) {
      this.asked = Trees.at(definition.tree(), "spec", "names");
      this.had = Trees.at(definition.tree(), "status", "acceptedNames");
    }

    AcceptedNames choose(Set<String> resources, Set<String> kinds) {
      one("plural", "PluralConflict", resources);
      one("singular", "SingularConflict", resources);
      List<String> taken = Trees.texts(asked, "shortNames");
      taken.retainAll(resources);
      if (!taken.isEmpty()) {
        conflict("ShortNamesConflict", String.join("\", \"", taken));
      }
      list("shortNames", taken.isEmpty() ? asked : had);
      one("kind", "KindConflict", kinds);
      one("listKind", "ListKindConflict", kinds);
      list("categories", asked);
      return reasons.isEmpty()
          ? new AcceptedNames(names, true, "NoConflicts", "no conflicts found")
          : new AcceptedNames(names, false, reasons.getFirst(), String.join(", ", messages));
    }

    private void one(String field, String reason, Set<String> taken) {
      String wanted = Trees.text(asked, field);
      boolean free = !taken.contains(wanted);
      if (!free) {
        conflict(reason, wanted);
      }
      names.put(field, free ? wanted : Trees.text(had, field));
    }

    private void conflict(String reason, String name) {
      reasons.add(reason);
      messages.add("\"" + name + "\" is already in use");
    }

    private void list(String field, JsonNode from) {
      List<String> values = Trees.texts(from, field);
      if (!values.isEmpty()) {
        ArrayNode array = names.putArray(field);
        values.forEach(array::add);
      }
    }
  }
}
